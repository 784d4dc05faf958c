"""REINFORCE with a baseline, and MIXER: from likelihood to reward word by word (cs447).

Source: Ranzato et al., Sequence level training with recurrent neural networks (2016).

    L = - sum over texts w of p(w) r(w)                    the expected reward, with a minus
    dL/d(scores_t) = (r(w) - b_t) (p_t - 1(w_t))           estimated with one text w drawn from p

b_t, a guess of the reward from the state at t, makes the estimate vary less and leaves its mean as
it is.  It is a matrix on the states, trained to be near the reward; no gradient goes from it into
the network.  MIXER begins with likelihood, then keeps the first words under likelihood, with gold
words, and lets REINFORCE have the last ones: first few, later more, in the end all.
"""

from collections.abc import Callable

import torch
from torch import Tensor, nn

from .sampled_texts import after, draw, word_log_probs


class WithBaseline(nn.Module):
    """A model together with the baseline b = w . s + b that is trained beside it.

    Args:
        model: an EncoderDecoder or OneNetwork.
        F: how many numbers its output layer reads (`model.decoder.F`).
    """

    def __init__(self, model, F):
        super().__init__()
        self.model, self.baseline = model, nn.Linear(F, 1)
        nn.init.zeros_(self.baseline.weight)
        nn.init.zeros_(self.baseline.bias)

    def guess(self, s: Tensor) -> Tensor:
        """The reward that is to be expected (N, T) at states s (N, T, F)."""
        return self.baseline(s.detach())[..., 0]


def gold_words(pretrain: int, every: int, fewer: int, longest: int) -> Callable[[int], int]:
    """MIXER's schedule: how many first words stay under likelihood after so many updates.

    All of them for `pretrain` updates; then `fewer` less for each `every` updates, down to 0.
    """
    def left(step: int) -> int:
        return max(0, longest - fewer * (1 + (step - pretrain) // every if step >= pretrain else 0))

    return left


class Mixer:
    """Likelihood for the first words of a text and REINFORCE for the rest.

    The loss is the mean over the words of: -log p of the gold word, for the first s words; and
    -(r - b_t) log p of the drawn word plus (r - b_t)^2, which trains the baseline alone, after
    them.  Its model is a `WithBaseline`; the carried number counts updates.

    Args:
        reward: `reward(texts, numbers) -> (N,)`, the higher the better.
        vocab: of the target, with end marker.
        gold: how many first words are gold, s, as a function of the updates done: `gold_words`.
        length: the most words of a text, its end marker counted.
    """

    def __init__(self, reward, vocab, gold, length=30):
        self.reward, self.eos, self.gold, self.length = reward, vocab.eos, gold, length

    def __call__(self, both, batch, carry):
        done, model = carry or 0, both.model
        s = min(self.gold(done), batch.y.shape[1])
        state = model.start(*batch.source)
        ids, real, drawn = self.text(model, batch, state, s)
        seen, _ = model.read(after(batch.before[:, 0], ids), state)
        log_probs = word_log_probs(model.output(seen), ids, real)
        loss = -log_probs[:, :s].sum()
        if drawn.any():
            texts = [[i for i in row if i != self.eos] for row in ids.tolist()]
            r = self.reward(texts, batch.numbers).to(log_probs)
            loss = loss + reinforced(log_probs, r, both.guess(seen), drawn)
        return loss / real.sum(), int(real.sum()), done + 1

    def text(self, model, batch, state, s: int) -> tuple[Tensor, Tensor, Tensor]:
        """The first s gold words and drawn ones after them: ids, what is real, what was drawn."""
        ids, real = batch.y[:, :s], batch.real[:, :s]
        read = torch.cat([batch.before[:, :1], ids], 1)  # (B, s + 1)
        on = read[:, -1] != self.eos
        if s >= self.length or not on.any():
            return ids, real, torch.zeros_like(real)
        if s:
            with torch.no_grad():
                _, state = model.read(read[:, :s], state)
        more = draw(model, state, read[:, -1], self.eos, self.length - s)
        own = more.real & on[:, None]
        ids = torch.cat([ids, more.ids.where(own, self.eos)], 1)
        return ids, torch.cat([real, own], 1), torch.cat([torch.zeros_like(real), own], 1)


def reinforced(log_probs: Tensor, r: Tensor, b: Tensor, drawn: Tensor) -> Tensor:
    """Sum over the drawn words of -(r - b) log p + (r - b)^2, whose gradient is REINFORCE's.

    log_probs, b, drawn (bool) are (N, T), r (N,).  Only the square trains the baseline.
    """
    advantage = (r[:, None] - b).masked_fill(~drawn, 0.0)
    return (advantage.square() - advantage.detach() * log_probs).sum()


def reinforce(reward, vocab, length=30) -> Mixer:
    """REINFORCE for every word, after likelihood pre-training."""
    return Mixer(reward, vocab, lambda done: 0, length)
