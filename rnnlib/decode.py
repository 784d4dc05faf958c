"""From probabilities to text: decoding knows a function `step`, never a model.

`step(token (B,), state) -> (log_probs (B, K), state)` reads one token and says how probable each
next one is. Taught in notebooks/05_generation.ipynb.
"""

import torch
from torch import Tensor


def inverse(log_probs: Tensor, u: Tensor) -> Tensor:
    """The id where the distribution function first exceeds u: a sample when u is uniform in [0, 1).

    log_probs (B, K) need not be normalised; u (B,) is float64; returns ids (B,). One uniform number
    for each row instead of one for each symbol: many times faster than torch.multinomial.
    An id of probability zero is never returned.
    """
    reached = torch.softmax(log_probs.double(), -1).cumsum(-1)
    reached = reached / reached[:, -1:]  # ends at exactly 1, above every u
    return torch.searchsorted(reached, u[:, None], right=True)[:, 0]


@torch.no_grad()
def sample(step, first: Tensor, state, length: int, temperature=1.0, seed=0) -> Tensor:
    """Draw `length` tokens after `first` (B,), each fed back as the next input: ids (B, length).

    Args:
        step: `step(token, state) -> (log_probs, state)`.
        first: the token read first, (B,): the begin marker, or the last one of a prompt.
        state: the state before `first` is read.
        temperature: log-probabilities are divided by it; below 1 bolder, 0 is greedy (the most
            probable token each time), above 1 more varied.
        seed: the same seed gives the same text on every device.
    """
    if temperature < 0 or length < 0:
        raise ValueError(
            f"expected a temperature and a length of at least 0, got {temperature} "
            f"and {length}: 0 is greedy decoding"
        )
    if first.dim() != 1:
        raise ValueError(
            f"expected one first token for each sequence, (B,), got "
            f"{tuple(first.shape)}: pass the last column of the prompt"
        )
    generator = torch.Generator().manual_seed(seed)
    out = first.new_empty(len(first), length)
    for t in range(length):
        log_probs, state = step(first if t == 0 else out[:, t - 1], state)
        if temperature == 0:
            out[:, t] = log_probs.argmax(-1)
        else:
            u = torch.rand(len(first), generator=generator, dtype=torch.float64).to(first.device)
            out[:, t] = inverse(log_probs / temperature, u)
    return out
