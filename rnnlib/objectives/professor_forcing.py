"""Professor forcing: a second network must not see whether the words before were gold (cs447).

Source: Goyal et al., Professor forcing: a new algorithm for training recurrent networks (2016).
D reads the states of a whole text and says how probable it is that its words are gold ones:

    C_d = - log D(states over gold words) - log(1 - D(states over own words))    for D
    C_f = - log D(states over own words)                                         for the model
    the model minimises  nats + C_f,  D minimises  C_d

As in the paper C_f counts only while D is right more often than 75 %, and C_d only while it is
right less often than 99 %.  The words are drawn, and no gradient goes through the draw: the model
learns to have states over its own words that look like those over gold words.
"""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ..cells import GRUResetAfterCell
from ..models import both_ways, mean_state
from .sampled_texts import after, draw, word_log_probs


class Discriminator(nn.Module):
    """D before its sigmoid: a GRU from both ends over the states, their mean, a feed-forward net.

    Args:
        F: how many numbers each state has.
        H: size of the GRUs and of the hidden layer.
    """

    def __init__(self, F, H):
        super().__init__()
        self.layer = both_ways(GRUResetAfterCell, F, H)
        self.W, self.V = nn.Linear(2 * H, H), nn.Linear(H, 1)

    def forward(self, s: Tensor, real: Tensor) -> Tensor:
        """Scores (N,), above 0 for gold words, of states s (N, T, F) with the mask real (N, T)."""
        h, _ = self.layer(s, None, real.sum(1))
        return self.V(torch.relu(self.W(mean_state(h, real))))[:, 0]


class WithDiscriminator(nn.Module):
    """A model together with the discriminator that is trained against it."""

    def __init__(self, model, discriminator: Discriminator):
        super().__init__()
        self.model, self.discriminator = model, discriminator

    def judged(self, s: Tensor, real: Tensor) -> Tensor:
        """The discriminator's scores (N,), through which the model learns and D does not."""
        fixed = {name: w.detach() for name, w in self.discriminator.named_parameters()}
        return torch.func.functional_call(self.discriminator, fixed, (s, real))


class ProfessorForcing:
    """Nats of the gold words, plus C_f for the model, plus C_d for its discriminator.

    Each of the two networks gets the gradient of its own part.  Its model is a
    `WithDiscriminator`.

    Args:
        vocab: of the target, with end marker.
        weight: of C_f beside the nats of a word.
        length: the most words of a drawn text.
        usable: C_f counts above this share of right verdicts.
        perfect: C_d counts below this share.
    """

    def __init__(self, vocab, weight=1.0, length=30, usable=0.75, perfect=0.99):
        self.eos, self.weight, self.length = vocab.eos, weight, length
        self.usable, self.perfect = usable, perfect

    def __call__(self, both, batch, carry):
        model, first = both.model, batch.before[:, 0]
        state, count = model.start(*batch.source), int(batch.real.sum())
        gold, _ = model.read(batch.before, state)
        loss = -word_log_probs(model.output(gold), batch.y, batch.real).sum() / count
        drawn = draw(model, state, first, self.eos, self.length)
        own, _ = model.read(after(first, drawn.ids), state)
        C_d, right = verdict(both.discriminator, (gold, batch.real), (own, drawn.real))
        if right > self.usable:
            loss = loss + self.weight * F.softplus(-both.judged(own, drawn.real)).mean()
        if right < self.perfect:
            loss = loss + C_d
        return loss, count, carry


def verdict(discriminator, gold: tuple, own: tuple) -> tuple[Tensor, float]:
    """C_d, from which only the discriminator learns, and the share of its right verdicts.

    gold and own are pairs (states (N, T, F), real (N, T)).
    """
    (s, real), (s_own, real_own) = gold, own
    yes = discriminator(s.detach(), real)
    no = discriminator(s_own.detach(), real_own)
    right = ((yes > 0).float().mean() + (no < 0).float().mean()) / 2
    return F.softplus(-yes).mean() + F.softplus(no).mean(), right.item()
