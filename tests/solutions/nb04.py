"""Right and wrong answers to the exercises of notebook 04, for the tests alone."""
import math

import torch

# --- interpolated -------------------------------------------------------------------------------


def interpolated_by_loop(c, D, lower):
    total = c.sum()
    if total == 0:
        return lower
    kinds = sum(1 for count in c if count > 0)
    return torch.stack([(max(count - D, 0 * count) + D * kinds * p) / total
                        for count, p in zip(c, lower, strict=True)])


def interpolated_with(rule, unseen=True):
    def interpolated(c, D, lower):
        if unseen and c.sum() == 0:
            return lower
        return rule(c, D, lower, c.sum(), (c > 0).sum())
    return interpolated


INTERPOLATED_RIGHT = [
    interpolated_by_loop,
    interpolated_with(lambda c, D, low, n, N: torch.relu(c - D) / n + (D * N / n) * low),
    interpolated_with(lambda c, D, low, n, N: torch.relu(c - D) / n
                      + low * (1 - torch.relu(c - D).sum() / n)),
]
INTERPOLATED_WRONG = [
    (interpolated_with(lambda c, D, low, n, N: c / n), "relative frequencies"),
    (interpolated_with(lambda c, D, low, n, N: c / n, False), "0 / 0"),
    (interpolated_with(lambda c, D, low, n, N: torch.relu(c - D) / n + D * N / n * low, False),
     "return the lower order there"),
    (interpolated_with(lambda c, D, low, n, N: torch.relu(c - D) / n), "not given back"),
    (interpolated_with(lambda c, D, low, n, N: (c - D) / n + D * N / n * low), "max(c - D, 0)"),
    (interpolated_with(lambda c, D, low, n, N: torch.relu(c - D) / n + D * n / n * low),
     "different words after the history"),
    (interpolated_with(lambda c, D, low, n, N: torch.relu(c - D) / n + D * N / n / len(c)),
     "shared out equally"),
    (interpolated_with(lambda c, D, low, n, N: torch.relu(c - D) / n + low), "the full weight"),
    (interpolated_with(lambda c, D, low, n, N: torch.relu(c - D) / n + D * c.numel() / n * low),
     "all words of the vocabulary"),
    (interpolated_with(lambda c, D, low, n, N: torch.where(c > 0, (c - D) / n, D * N / n * low)),
     "only to words never seen"),
    (interpolated_with(lambda c, D, low, n, N: (1 - D) * c / n + D * low), "fixed weights"),
    (lambda c, D, low: interpolated_by_loop(c, D, low) if c.sum() else 0 * low,
     "nothing but zeros"),
]


# --- string -------------------------------------------------------------------------------------


def string_by_loop(P, words, bos, eos):
    p, last = 1.0, bos
    for word in [*words, eos]:
        p, last = p * P[last, word].item(), word
    return p


def string_by_logs(P, words, bos, eos):
    x, y = torch.tensor([bos, *words]), torch.tensor([*words, eos])
    return P[x, y].double().log().sum().exp()


def string_over(path):
    def string(P, words, bos, eos):
        steps = path(list(words), bos, eos)
        return math.prod(P[i, j].item() for i, j in zip(steps, steps[1:], strict=False))
    return string


STRING_RIGHT = [string_by_loop, string_by_logs]
STRING_WRONG = [
    (string_over(lambda words, bos, eos: [bos, *words]), "the end marker is missing"),
    (string_over(lambda words, bos, eos: [*words, eos]), "the begin marker is missing"),
    (string_over(lambda words, bos, eos: words), "both markers are missing"),
    (lambda P, words, bos, eos: string_by_loop(P.T, words, bos, eos), "transposed"),
    (lambda P, words, bos, eos: P[[bos, *words], [*words, eos]].sum(), "a sum"),
    (lambda P, words, bos, eos: P[[bos, *words], [*words, eos]].log().mean().exp(), "a mean"),
    (lambda P, words, bos, eos: P[[bos, *words], [*words, eos]].log().sum(), "the logarithm"),
    (lambda P, words, bos, eos: string_by_loop(P, words, bos, eos) if len(words) else 1,
     "the empty string"),
    (lambda P, words, bos, eos: string_by_loop(P, words, bos, bos), "ends with the begin marker"),
]


# --- items --------------------------------------------------------------------------------------


def items_by_shift(words, bos, eos):
    whole = [bos] + list(words) + [eos]
    return whole[:-1], whole[1:]


ITEMS_RIGHT = [items_by_shift, lambda words, bos, eos: ([bos] + words, words + [eos])]
ITEMS_WRONG = [
    (lambda words, bos, eos: ([bos] + words, [bos] + words), "learns to repeat"),
    (lambda words, bos, eos: (([bos] + words)[:-1], words), "never learns to stop"),
    (lambda words, bos, eos: (words, words[1:] + [eos]), "no begin marker"),
    (lambda words, bos, eos: ([bos] + words + [eos], words + [eos, eos]), "the end marker is read"),
    (lambda words, bos, eos: ([bos] + words + [eos], [bos] + words + [eos]),
     "the begin marker is a target"),
    (lambda words, bos, eos: (words + [eos], [bos] + words), "before the inputs"),
    (lambda words, bos, eos: ([bos] + words, words + [eos, eos]), "one place too late"),
    (lambda words, bos, eos: ([bos] + words, words), "at the end of y"),
    (lambda words, bos, eos: ([bos] + words, words[1:] + [eos, eos]), "skip a word"),
]


# --- perplexity ---------------------------------------------------------------------------------


def perplexity_by_totals(batches):
    total = count = 0
    for batch in batches:
        total, count = total + batch.sum().item(), count + len(batch)
    return math.exp(total / count)


def means(batches):
    return [batch.mean().item() for batch in batches]


PERPLEXITY_RIGHT = [
    perplexity_by_totals,
    lambda batches: 2 ** (torch.cat(batches).mean() / math.log(2)),
]
PERPLEXITY_WRONG = [
    (lambda batches: math.exp(sum(means(batches)) / len(batches)), "a mean of batch means"),
    (lambda batches: sum(math.exp(m) for m in means(batches)) / len(batches),
     "the batches' perplexities"),
    (lambda batches: torch.cat(batches).exp().mean(), "perplexities of single symbols"),
    (lambda batches: 2 ** torch.cat(batches).mean(), "the base does not fit"),
    (lambda batches: (torch.cat(batches).mean() / math.log(2)).exp(), "the power of bits"),
    (lambda batches: 10 ** torch.cat(batches).mean(), "not to 10"),
    (lambda batches: torch.cat(batches).mean(), "the exponential is missing"),
    (lambda batches: (torch.cat(batches).sum() / len(batches)).exp(), "by the number of batches"),
    (lambda batches: torch.cat(batches).sum().exp(), "not divided"),
    (lambda batches: (-torch.cat(batches).mean()).exp(), "the sign"),
]


# --- tied scores --------------------------------------------------------------------------------


TIED_RIGHT = [
    lambda h, P, E, b: torch.nn.functional.linear(h @ P.T, E, b),
    lambda h, P, E, b: torch.einsum("bh,dh,sd->bs", h, P, E) + b,
]
TIED_WRONG = [
    (lambda h, P, E, b: h @ P.T @ E + b, "E is not transposed"),
    (lambda h, P, E, b: h @ E.T + b, "the projection is missing"),
    (lambda h, P, E, b: h @ P @ E.T + b, "P is transposed"),
    (lambda h, P, E, b: h @ P @ E + b, "both are transposed"),
    (lambda h, P, E, b: h @ P.T @ E.T, "the bias is missing"),
    (lambda h, P, E, b: torch.softmax(h @ P.T @ E.T + b, -1), "these are probabilities"),
    (lambda h, P, E, b: torch.log_softmax(h @ P.T @ E.T + b, -1), "log-probabilities"),
    (lambda h, P, E, b: h @ P.T @ E.T - b, "taken away"),
]


# --- parameters ---------------------------------------------------------------------------------


def count_by_model(size, D, H, tied):
    from rnnlib.cells import RNNCell
    from rnnlib.models import LanguageModel

    return sum(w.numel() for w in LanguageModel(size, D, RNNCell(D, H), tied).parameters())


def counted(size, D, H, tied, E=1, b=1, U=1, c=1):
    V = (D != H) * D * H if tied else size * H
    return (1 + (E - 1) * tied) * size * D + H * D + U * H * H + b * H + V + c * size


PARAMETERS_RIGHT = [count_by_model, counted]
PARAMETERS_WRONG = [
    (lambda size, D, H, tied: counted(size, D, H, tied, E=2), "E is counted twice"),
    (lambda size, D, H, tied: counted(size, D, H, False), "a tied model has no V"),
    (lambda size, D, H, tied: counted(size, D, H, tied) - tied * (D != H) * D * H,
     "the projection is missing"),
    (lambda size, D, H, tied: counted(size, D, H, tied) + tied * (D == H) * D * H,
     "no projection is needed"),
    (lambda size, D, H, tied: counted(size, D, H, tied, c=0), "the bias of the scores"),
    (lambda size, D, H, tied: counted(size, D, H, tied, b=0), "the bias of the state"),
    (lambda size, D, H, tied: counted(size, D, H, tied, U=0), "U is missing"),
    (lambda size, D, H, tied: counted(size, D, H, tied, b=0, c=0), "both biases"),
    (lambda size, D, H, tied: counted(size, D, H, tied) - H * D, "W is missing"),
    (lambda size, D, H, tied: counted(size, D, H, tied) + (not tied) * size * (D - H),
     "untied it is (size, H)"),
    (lambda size, D, H, tied: counted(size, D, H, tied) + (D != H and not tied) * D * H,
     "an untied model needs no projection"),
    (lambda size, D, H, tied: counted(size, D, H, tied, U=4, b=4) + 3 * H * D, "an LSTM"),
]
