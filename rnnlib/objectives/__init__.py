"""What a model that writes texts is trained for: each objective is a loss for `train.fit`.

    loss(model, batch, carry) -> (what to minimise, how many were counted, carry)

A batch is a `models.Batch`; models are those of `models.encoder_decoder`.  Objectives that change
over training carry the number of updates done.  Random numbers are torch's own, which `train.fit`
keeps: the same seed gives the same run.

    likelihood           the gold word after the gold words before it: teacher forcing
    ScheduledSampling    the gold word after words some of which are the model's own
    MinimumRisk          the expected cost, over candidates drawn from the model
    Mixer                likelihood for the beginning, REINFORCE for the rest; reinforce for all
    ProfessorForcing     likelihood, and states that look alike with gold and own words before

Taught in notebooks/14_training_for_generation.ipynb.
"""

from .costs import EditCost, ExactCost
from .likelihoods import likelihood, mean_by_text, nats
from .minimum_risk import MinimumRisk, risk
from .mixer import Mixer, WithBaseline, gold_words, reinforce
from .professor_forcing import Discriminator, ProfessorForcing, WithDiscriminator
from .scheduled_sampling import ScheduledSampling, exponential, inverse_sigmoid, linear

__all__ = ["Discriminator", "EditCost", "ExactCost", "MinimumRisk", "Mixer", "ProfessorForcing"]
__all__ += ["ScheduledSampling", "WithBaseline", "WithDiscriminator", "exponential", "gold_words"]
__all__ += ["inverse_sigmoid", "likelihood", "linear", "mean_by_text", "nats", "reinforce", "risk"]
