"""The checks of notebook 06: Viterbi, the loss of a batch, the label before, spans, log Z."""
import torch

from .core import Case, examine
from .nb06_sequences import log_z, spans

__all__ = ["viterbi", "mean_loss", "before", "spans", "log_z"]


def drawn(*shape, seed=0):
    """Random numbers, the same in every run."""
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


# --- the best labels of a sentence ----------------------------------------------------------------


def take_best(message, transitions):
    """The best way to each label j: the highest message[i] + transitions[i, j]."""
    return (message[:, None] + transitions).amax(0)


def add_up(message, transitions):
    """All ways to each label j, added up."""
    return (message[:, None] + transitions).logsumexp(0)


def forwards(start, transitions, emissions, gather=take_best):
    """The messages (T, K) from the first word to the last."""
    found = [start + emissions[0]]
    for row in emissions[1:]:
        found.append(gather(found[-1], transitions) + row)
    return torch.stack(found)


def way_back(best, transitions):
    """From the best last label to the one it came from, and so on."""
    labels = [best[-1].argmax().item()]
    for row in best[:-1].flip(0):
        labels.append((row + transitions[:, labels[-1]]).argmax().item())
    return labels[::-1]


def right_viterbi(start, transitions, emissions):
    """What is expected: the labels of the highest score."""
    return way_back(forwards(start, transitions, emissions), transitions)


def greedy(start, transitions, emissions):
    """Each label the best one after the label chosen before."""
    labels = [(start + emissions[0]).argmax().item()]
    for row in emissions[1:]:
        labels.append((transitions[labels[-1]] + row).argmax().item())
    return labels


def each_most_probable(start, transitions, emissions):
    """The most probable label of each word, over all sequences."""
    alpha, beta = forwards(start, transitions, emissions, add_up), [torch.zeros_like(start)]
    for row in emissions[1:].flip(0):
        beta.append((transitions + row + beta[-1]).logsumexp(1))
    return (alpha + torch.stack(beta[::-1])).argmax(1).tolist()


VITERBI_MISTAKES = [
    ("every word for itself: the transitions are not used",
     lambda start, transitions, emissions: emissions.argmax(1).tolist()),
    ("no way back: the best label at a word so far need not lie on the best path",
     lambda *given: forwards(*given).argmax(1).tolist()),
    ("greedy: a label is fixed before the words after it were read", greedy),
    ("transitions[i, j] is read the wrong way round: it leads from label i to label j",
     lambda start, transitions, emissions: right_viterbi(start, transitions.T, emissions)),
    ("messages added up: keep the best beginning of each label, not the sum of all",
     lambda *given: way_back(forwards(*given, add_up), given[1])),
    ("the start is missing: the first label has a score of its own",
     lambda start, transitions, emissions: right_viterbi(0 * start, transitions, emissions)),
    ("the first word is missing: its emissions count as well",
     lambda start, transitions, emissions: right_viterbi(
         start, transitions, torch.cat([0 * emissions[:1], emissions[1:]]))),
    ("the labels are the wrong way round: they were gathered from the last word on",
     lambda *given: right_viterbi(*given)[::-1]),
    ("one label is missing: every word has one, the last one too",
     lambda *given: right_viterbi(*given)[:-1]),
    ("the most probable label of each word: together they need not be the best sequence",
     each_most_probable),
]


def chain_of(T, K, seed):
    """Arguments (start, transitions, emissions) drawn at random."""
    return drawn(K, seed=seed), 1.5 * drawn(K, K, seed=seed + 1), drawn(T, K, seed=seed + 2)


SURPRISE = (torch.tensor([0.0, -0.1]), torch.tensor([[0.0, -4.0], [-4.0, 0.0]]),
            torch.tensor([[0.2, 0.0], [0.0, 3.0]]))
"""Two words, two labels that stay: the second word turns the first one's label round."""

VITERBI_CASES = [
    Case(name, inputs, right_viterbi, VITERBI_MISTAKES) for name, inputs in [
        ("one word", [chain_of(1, 3, 5)]),
        ("the last word changes the first label", [SURPRISE]),
        ("six words, four labels", [chain_of(6, 4, 10 * n) for n in range(1, 6)])]
]


def viterbi(function):
    """Report on `function(start, transitions, emissions) -> labels`, a list of T numbers."""
    return examine(function, VITERBI_CASES)


# --- the loss of a padded batch -------------------------------------------------------------------


def log_probs(scores, labels, axis=2):
    """The log-probability (B, T) of each label."""
    return scores.log_softmax(axis).gather(2, labels[..., None])[..., 0]


def real(scores, lengths):
    """True (B, T) at real words."""
    return torch.arange(scores.shape[1]) < lengths[:, None]


def right_loss(scores, labels, lengths):
    """What is expected: the mean over all real words of the batch."""
    return -log_probs(scores, labels)[real(scores, lengths)].mean()


def by_sentence(scores, labels, lengths):
    """The mean of the sentences' own means."""
    kept = log_probs(scores, labels) * real(scores, lengths)
    return -(kept.sum(1) / lengths).mean()


LOSS_MISTAKES = [
    ("the padding is counted: only the first `lengths` words of a row are real",
     lambda scores, labels, lengths: -log_probs(scores, labels).mean()),
    ("the padding is left out of the sum, but still in the number it is divided by",
     lambda scores, labels, lengths: -(log_probs(scores, labels) * real(scores, lengths)).mean()),
    ("a mean of sentence means: every word counts the same, in long sentences too", by_sentence),
    ("a sum: divide by the number of real words",
     lambda scores, labels, lengths: -log_probs(scores, labels)[real(scores, lengths)].sum()),
    ("divided by the number of sentences: divide by that of the real words",
     lambda scores, labels, lengths:
     -log_probs(scores, labels)[real(scores, lengths)].sum() / len(scores)),
    ("the sign is missing: a loss is minus the log-probability",
     lambda *given: -right_loss(*given)),
    ("the probability itself: the loss is minus its logarithm",
     lambda scores, labels, lengths:
     -log_probs(scores, labels)[real(scores, lengths)].exp().mean()),
    ("no softmax: scores are not log-probabilities yet",
     lambda scores, labels, lengths:
     -scores.gather(2, labels[..., None])[..., 0][real(scores, lengths)].mean()),
    ("the softmax runs over the words: it belongs to the labels, the last axis",
     lambda scores, labels, lengths:
     -log_probs(scores, labels, axis=1)[real(scores, lengths)].mean()),
]


def batch_of(lengths, K, seed):
    """Arguments (scores, labels, lengths); in the padding stands something that misleads."""
    lengths = torch.tensor(lengths)
    draw = torch.Generator().manual_seed(seed)
    labels = torch.randint(K, (len(lengths), int(lengths.max())), generator=draw)
    return 2 * drawn(*labels.shape, K, seed=seed), labels, lengths


LOSS_CASES = [
    Case(name, [batch_of(*given)], right_loss, LOSS_MISTAKES) for name, given in [
        ("one sentence, no padding", ([3], 2, 1)),
        ("padding does not count", ([4, 2], 3, 2)),
        ("a long and two short sentences", ([9, 1, 2], 5, 3))]
]


def mean_loss(function):
    """Report on `function(scores (B, T, K), labels (B, T), lengths (B,)) -> mean nats a word`."""
    return examine(function, LOSS_CASES)


# --- the label before -----------------------------------------------------------------------------


def right_before(labels, begin):
    """What is expected: the labels one place later, `begin` first."""
    return torch.cat([torch.full_like(labels[:, :1], begin), labels[:, :-1]], 1)


BEFORE_MISTAKES = [
    ("not shifted: the network would read the answer itself", lambda labels, begin: labels),
    ("shifted the wrong way: the network would read the label after",
     lambda labels, begin: torch.cat([labels[:, 1:], torch.full_like(labels[:, :1], begin)], 1)),
    ("turned round in a circle: before the first word stands `begin`, not the last label",
     lambda labels, begin: labels.roll(1, 1)),
    ("one column too many: the last label is before no word",
     lambda labels, begin: torch.cat([torch.full_like(labels[:, :1], begin), labels], 1)),
    ("one column too few: the first word needs `begin`", lambda labels, begin: labels[:, :-1]),
    ("shifted from sentence to sentence: the words stand along the second axis",
     lambda labels, begin: torch.cat([torch.full_like(labels[:1], begin), labels[:-1]], 0)),
    ("0 in place of `begin`: 0 is a label like the others",
     lambda labels, begin: right_before(labels, 0)),
]

BEFORE_CASES = [
    Case(name, [(torch.tensor(labels), begin)], right_before, BEFORE_MISTAKES)
    for name, labels, begin in [
        ("one sentence of one word", [[1]], 3), ("one sentence", [[2, 0, 1]], 3),
        ("two sentences", [[1, 2, 2, 0], [3, 1, 0, 2]], 4)]
]


def before(function):
    """Report on `function(labels (B, T), begin) -> the label before each word (B, T)`."""
    return examine(function, BEFORE_CASES)
