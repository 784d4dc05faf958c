"""Homework 2, exercises 2 and 3: one step back, and backpropagation through time.

What is expected comes from autograd through the first pass. Known mistakes are a walk back with one
of its rules changed.
"""

from dataclasses import dataclass, replace

import torch

STEP_NAMES = ("dW", "dU", "db", "d_x", "d_old")
TIME_NAMES = ("dW", "dU", "db", "dV", "d_x", "d_h0")


# --- what is expected: autograd through the first pass ------------------------------------------


def stepped(x, h_old, h_new, leaves):
    """The step that leads from h_old to h_new, for autograd; no bias is given, so it fits itself.

    leaves  W (H, D), U (H, H) and b (H,)
    """
    W, U, b = leaves
    a = x @ W.T + h_old @ U.T + b
    return torch.tanh(a + (torch.atanh(h_new) - a).detach())


def right_step_back(d_h, x, h_old, h_new, W, U):
    """What is expected of one step back."""
    with torch.enable_grad():
        given = W, U, torch.zeros_like(h_new[0]), x, h_old
        leaves = [value.clone().requires_grad_() for value in given]
        h = stepped(*leaves[3:], h_new, leaves[:3])
        return torch.autograd.grad(h, leaves, d_h)


def right_bptt(x, h, d_z, W, U, V):
    """What is expected of the second pass."""
    with torch.enable_grad():
        given = W, U, torch.zeros_like(h[0, 0]), V, x, h[:, 0]
        leaves = [value.clone().requires_grad_() for value in given]
        states = [leaves[5]]
        for t, x_t in enumerate(leaves[4].unbind(1), 1):
            states.append(stepped(x_t, states[-1], h[:, t], leaves[:3]))
        return torch.autograd.grad(torch.stack(states[1:], 1) @ leaves[3].T, leaves, d_z)


# --- known mistakes: a walk with other rules ----------------------------------------------------


def away(error, weight):
    """The error on the other side of a matrix that was used as `h @ weight.T`."""
    return torch.einsum("bi,ij->bj", error, weight)


@dataclass(frozen=True)
class Rules:
    """The rules of the way back, each to be changed: the right ones are the defaults.

    slope  from (h_old, h_new) to the derivative of tanh
    send   from (d_h, d_a, U) to the error at the old state
    own    from (d_z, V) to the error that a state gets from its own output
    reads  from (d_h, d_a, W) to the error at the input
    """

    slope: object = lambda h_old, h_new: 1 - h_new.square()
    send: object = lambda d_h, d_a, U: away(d_a, U)
    own: object = lambda d_z, V: away(d_z, V)
    reads: object = lambda d_h, d_a, W: away(d_a, W)

    def walk(self, x, h, d_z, U, V):
        """The errors at all states and inside all steps, (B, T, H) each; the one at h_0 (B, H)."""
        at_states, inside, later = [], [], torch.zeros_like(h[:, 0])
        for t in reversed(range(d_z.shape[1])):
            at_states.insert(0, self.own(d_z[:, t], V) + later)
            inside.insert(0, self.slope(h[:, t], h[:, t + 1]) * at_states[0])
            later = self.send(at_states[0], inside[0], U)
        return torch.stack(at_states, 1), torch.stack(inside, 1), later

    def bptt(self, x, h, d_z, W, U, V):
        """The second pass with these rules."""
        at_states, inside, first = self.walk(x, h, d_z, U, V)
        d_x = torch.stack([self.reads(d_h, d_a, W) for d_h, d_a in zip(
            at_states.unbind(1), inside.unbind(1), strict=True)], 1)
        return (*weights_from(inside, x, h), outputs_from(d_z, h[:, 1:]), d_x, first)

    def back(self, d_h, x, h_old, h_new, W, U):
        """One step back with these rules."""
        inside = self.slope(h_old, h_new) * d_h
        dW, dU, db = weights_from(inside[:, None], x[:, None], torch.stack([h_old, h_new], 1))
        return dW, dU, db, self.reads(d_h, inside, W), self.send(d_h, inside, U)


def weights_from(inside, x, h):
    """(dW, dU, db) from the errors inside the steps (B, T, H)."""
    dW, dU = (torch.einsum("bth,btd->hd", inside, read) for read in (x, h[:, :-1]))
    return dW, dU, inside.sum((0, 1))


def outputs_from(d_z, h):
    """dV from the errors at the scores (B, T, K)."""
    return torch.einsum("btk,bth->kh", d_z, h)


RULES = Rules()

RULE_MISTAKES = [
    ("the derivative of tanh is missing",
     replace(RULES, slope=lambda h_old, h_new: torch.ones_like(h_new))),
    ("the derivative of tanh is taken twice: h is already tanh(a), so it is 1 - h ** 2, without "
     "another tanh", replace(RULES, slope=lambda h_old, h_new: 1 - torch.tanh(h_new) ** 2)),
    ("the derivative of tanh belongs to the old state here: use the new one",
     replace(RULES, slope=lambda h_old, h_new: 1 - h_old ** 2)),
    ("the slope 1 - h is not that of tanh: the square is missing",
     replace(RULES, slope=lambda h_old, h_new: 1 - h_new)),
    ("the slope h (1 - h) is that of the sigmoid",
     replace(RULES, slope=lambda h_old, h_new: h_new * (1 - h_new))),
    ("U is not transposed on the way back: forward it is h @ U.T, so the error comes back by "
     "d_a @ U", replace(RULES, send=lambda d_h, d_a, U: away(d_a, U.T))),
    ("the error goes past the tanh: what travels on is the error inside it, d_a",
     replace(RULES, send=lambda d_h, d_a, U: away(d_h, U))),
    ("the error at the input goes past the tanh: it comes from d_a",
     replace(RULES, reads=lambda d_h, d_a, W: away(d_h, W))),
    ("W is not transposed on the way back: forward it is x @ W.T, so the error comes back by "
     "d_a @ W", replace(RULES, reads=lambda d_h, d_a, W: away(d_a, W.T))),
    ("neither W nor U is transposed on the way back: the errors come back by d_a @ W and d_a @ U",
     replace(RULES, reads=lambda d_h, d_a, W: away(d_a, W.T),
             send=lambda d_h, d_a, U: away(d_a, U.T))),
]


def patched(right, place, change):
    """The right values but for one place; `change` takes that value and the arguments."""
    def function(*given):
        found = list(right(*given))
        found[place] = change(found[place], given)
        return tuple(found)
    return function


def swapped(right, one, other):
    """The right values, two of them exchanged."""
    def function(*given):
        found = list(right(*given))
        found[one], found[other] = found[other], found[one]
        return tuple(found)
    return function


def shares(right, count, places=(0, 1, 2)):
    """The gradients of the weights divided by a number that the arguments give."""
    return lambda *given: tuple(value / count(given) if n in places else value
                                for n, value in enumerate(right(*given)))


STEP_MISTAKES = [
    *((what, rules.back) for what, rules in RULE_MISTAKES),
    ("dU uses the new state: U was multiplied by the old one",
     patched(right_step_back, 1, lambda dU, given: torch.einsum(
         "bi,bj->ij", RULES.slope(*given[2:4]) * given[0], given[3]))),
    ("dU is transposed: its rows belong to the errors, its columns to what was read",
     patched(right_step_back, 1, lambda dU, given: dU.T)),
    ("dW and dU are transposed: their rows belong to the errors, their columns to what was read",
     lambda *given: tuple(value.T if n < 2 else value
                          for n, value in enumerate(right_step_back(*given)))),
    ("dW and dU are swapped: return dW, dU, db, d_x, d_old", swapped(right_step_back, 0, 1)),
    ("the two errors are swapped: d_x comes before d_old", swapped(right_step_back, 3, 4)),
    ("b is added in every row of the batch, so db is a sum over the rows",
     patched(right_step_back, 2, lambda db, given: RULES.slope(*given[2:4]) * given[0])),
    ("b is forgotten: its gradient is the sum of d_a over the rows",
     patched(right_step_back, 2, lambda db, given: torch.zeros_like(db))),
    ("a mean over the batch: the loss is a sum, so the gradients of the rows add up",
     shares(right_step_back, lambda given: len(given[0]))),
    ("a mean over the batch: the loss is a sum, so the gradients of the rows add up",
     shares(right_step_back, lambda given: len(given[0]), (0, 1, 2, 3, 4))),
    ("the error that came in is handed on as it is: it has to go through tanh and U",
     patched(right_step_back, 4, lambda d_old, given: given[0])),
]


# --- through time -------------------------------------------------------------------------------


def overwritten(x, h, d_z, W, U, V):
    """Weights of the first step alone, as if every step had written over the one after it."""
    right = right_bptt(x, h, d_z, W, U, V)
    inside = RULES.walk(x, h, d_z, U, V)[1]
    return (*weights_from(inside[:, :1], x[:, :1], h[:, :2]), outputs_from(d_z[:, :1], h[:, 1:2]),
            *right[4:])


def without_the_first(x, h, d_z, W, U, V):
    """The walk ends one step too early: step 1 is never walked through."""
    inside = RULES.walk(x, h, d_z, U, V)[1]
    later = away(inside[:, 1], U) if inside.shape[1] > 1 else torch.zeros_like(h[:, 0])
    inside[:, 0] = 0
    return (*weights_from(inside, x, h), outputs_from(d_z[:, 1:], h[:, 2:]),
            torch.einsum("bti,ij->btj", inside, W), later)


def last_output_only(x, h, d_z, W, U, V):
    """Only the output of the last step sends an error back."""
    alone = torch.cat([torch.zeros_like(d_z[:, :-1]), d_z[:, -1:]], 1)
    right = right_bptt(x, h, alone, W, U, V)
    return *right[:3], outputs_from(d_z, h[:, 1:]), *right[4:]


def one_step_only(x, h, d_z, W, U, V):
    """From the future only the own error of the next step, nothing from beyond."""
    inside = RULES.slope(h[:, :-1], h[:, 1:]) * torch.einsum("btk,kh->bth", d_z, V)
    came = torch.cat([torch.einsum("bti,ij->btj", inside, U)[:, 1:],
                      torch.zeros_like(inside[:, :1])], 1)
    whole = inside + RULES.slope(h[:, :-1], h[:, 1:]) * came
    return (*weights_from(whole, x, h), outputs_from(d_z, h[:, 1:]),
            torch.einsum("bti,ij->btj", whole, W), away(whole[:, 0], U))


def to_the_right(x, h, d_z, W, U, V):
    """The errors handed on from the first step to the last."""
    turned = torch.cat([h[:, :1], h[:, 1:].flip(1)], 1)
    slope = RULES.slope(h[:, :-1], h[:, 1:])
    own, inside, past = torch.einsum("btk,kh->bth", d_z, V), [], torch.zeros_like(turned[:, 0])
    for t in range(d_z.shape[1]):
        inside.append(slope[:, t] * (own[:, t] + past))
        past = away(inside[-1], U)
    inside = torch.stack(inside, 1)
    return (*weights_from(inside, x, h), outputs_from(d_z, h[:, 1:]),
            torch.einsum("bti,ij->btj", inside, W), past)


def inside_of(given):
    """The errors inside the steps for the arguments of the second pass."""
    x, h, d_z, _, U, V = given
    return RULES.walk(x, h, d_z, U, V)[1]


FUTURE = ("your gradient is right for one step and wrong for two: the term that comes from the "
          "future is missing, h_t also went into h_(t+1)")

STANDING = replace(RULES, send=lambda d_h, d_a, U: torch.zeros_like(d_h))

TIME_MISTAKES = [
    (FUTURE, patched(STANDING.bptt, 5, lambda d_h0, given: away(
        RULES.slope(given[1][:, 0], given[1][:, 1]) * away(given[2][:, 0], given[5]), given[4]))),
    ("the error never travels: nothing comes from the future, and nothing reaches h_0",
     STANDING.bptt),
    ("only one step of the future: hand on the whole error of step t+1, not its own part alone",
     one_step_only),
    ("the walk goes from left to right: begin at the last step", to_the_right),
    ("the walk ends one step too early: step 1 belongs to it, range(T, 0, -1)",
     without_the_first),
    ("only the output of the last step sends an error back: every step has an output of its own",
     last_output_only),
    *((what, rules.bptt) for what, rules in RULE_MISTAKES),
    ("every step writes over the gradients of the step before: the weights are shared, so add up",
     overwritten),
    ("dU uses the new state h_t: U was multiplied by h_(t-1)",
     patched(right_bptt, 1, lambda dU, given: torch.einsum(
         "bti,btj->ij", inside_of(given), given[1][:, 1:]))),
    ("dU is transposed: its rows belong to the errors, its columns to what was read",
     patched(right_bptt, 1, lambda dU, given: dU.T)),
    ("dV uses h_(t-1): the output of step t reads h_t",
     patched(right_bptt, 3, lambda dV, given: outputs_from(given[2], given[1][:, :-1]))),
    ("dV is that of the last step alone: every step has an output, and they add up",
     patched(right_bptt, 3, lambda dV, given: outputs_from(given[2][:, -1:], given[1][:, -1:]))),
    ("b is forgotten: its gradient is the sum of d_a over steps and rows",
     patched(right_bptt, 2, lambda db, given: torch.zeros_like(db))),
    ("d_h0 is the error at h_1: one more step back, through tanh and U, leads to h_0",
     patched(right_bptt, 5, lambda d_h0, given: RULES.walk(*given[:3], *given[4:])[0][:, 0])),
    ("d_h0 is the error inside step 1: U still stands between h_0 and a_1",
     patched(right_bptt, 5, lambda d_h0, given: inside_of(given)[:, 0])),
    ("h_0 is taken for a constant: its error is asked for too",
     patched(right_bptt, 5, lambda d_h0, given: torch.zeros_like(d_h0))),
    ("d_x is in the order of the walk, from the last step on: turn it round",
     patched(right_bptt, 4, lambda d_x, given: d_x.flip(1))),
    ("the errors d_x are stacked along the first axis: time is the second, torch.stack(..., 1)",
     patched(right_bptt, 4, lambda d_x, given: d_x.transpose(0, 1))),
    ("dW and dU are swapped: return dW, dU, db, dV, d_x, d_h0", swapped(right_bptt, 0, 1)),
    ("a mean over the steps: the loss is a sum, so the gradients of the steps add up",
     shares(right_bptt, lambda given: given[0].shape[1], (0, 1, 2, 3))),
    ("a mean over the batch: the loss is a sum, so the gradients of the rows add up",
     shares(right_bptt, lambda given: len(given[0]), (0, 1, 2, 3))),
    ("a mean over the batch and the steps: the loss is a sum, so their gradients add up",
     shares(right_bptt, lambda given: given[0][..., 0].numel(), (0, 1, 2, 3))),
]
