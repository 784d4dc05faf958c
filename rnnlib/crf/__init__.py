"""Linear-chain conditional random field: how good a whole label sequence is, not each label alone.

The score of labels y for a sentence of T tokens adds one number for each label and one for each
pair of neighbours (cs447; Lafferty, McCallum and Pereira 2001; Lample et al. 2016):

    score(y) = start[y_1] + sum_t emissions[t, y_t] + sum_t transitions[y_t-1, y_t] + end[y_T]

and p(y) = exp(score(y)) / Z, with Z the sum of exp(score) over all K ** T label sequences.  Every
function takes `emissions` (B, T, K) and `chain`, the triple (transitions (K, K), start (K,),
end (K,)); transitions[i, j] is the score of label j after label i, and -inf forbids it.  Sentences
are padded at the right; `mask` (B, T) is bool, True = a real token, None = all are real.  With
log-probabilities in place of scores the same functions serve a hidden Markov model (cs421,
bristol).
Taught in notebooks/06_sequence_labeling.ipynb.
"""

from .allowed import bio_chain, bio_rules, forbid
from .best_labels import NONE, k_best, viterbi
from .chain_sizes import check_labels
from .crf_layer import CRF
from .gathering import add_up, take_best
from .sums import backward_messages, log_likelihood, log_normaliser, marginals, messages, score

__all__ = ["CRF", "NONE", "add_up", "backward_messages", "bio_chain", "bio_rules"]
__all__ += ["check_labels", "forbid", "k_best", "log_likelihood", "log_normaliser", "marginals"]
__all__ += ["messages", "score", "take_best", "viterbi"]
