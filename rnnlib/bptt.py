"""Backpropagation through time by hand: one pass forward, one pass back, the fast way through time.

`run(cell, x)` gives the numbers of `cells.loop(cell, x)` and the same gradients, several times
faster.  For each cell a torch.autograd.Function has the second pass of the algorithm (cs421,
notes) written out: bptt_rnn (read it first), bptt_lstm, bptt_gru, bptt_reset.  Why it is fast:

- The products W x of many steps are one big product; only U h has to wait for h.
- Buffers are time first, (T, B, H): a step is one contiguous block, written in place.
- Backward, the local derivatives of many steps are computed at once; what is left for each step
  is to multiply them by the error that arrives and to send it on by one product with U.
- Steps are handled in chunks (bptt_chunks.ROWS): large enough for fast products, small enough to
  stay in the processor's cache.

The cost: the saved states and gates of all steps, and no second derivatives (asking for them is an
error).  Without gradients only the states are kept.
"""

from .bptt_gru import gru_reset_after, simple_gru
from .bptt_lstm import lstm
from .bptt_reset import gru
from .bptt_rnn import PAIRS, simple
from .cells import GRUCell, GRUResetAfterCell, LSTMCell, RNNCell, SimpleGRUCell, loop
from .shapes import at_end, blank, check_input, check_lengths, check_state

PASSES = {
    RNNCell: simple,
    LSTMCell: lstm,
    GRUCell: gru,
    GRUResetAfterCell: gru_reset_after,
    SimpleGRUCell: simple_gru,
}
"""cell class -> function (cell, x (B, T, D), state) -> the states at all steps, (B, T, H) each."""


def by_hand(cell):
    """True when the cell has its two passes written out here.

    A subclass may have other equations, so only the class itself counts.
    """
    return type(cell) in PASSES and (type(cell) is not RNNCell or cell.g in PAIRS)


def run(cell, x, state=None, lengths=None):
    """The fast way through time: `(h (B, T, H), last state)` from x (B, T, D) and a first state.

    With lengths (B,) the last state is each sequence's own, and outputs after its end are zero.
    A cell without a hand-written pass (your own, or an RNNCell with another g) goes through
    `cells.loop`: the same numbers, at the loop's speed.
    """
    if not by_hand(cell):
        return loop(cell, x, state, lengths)
    check_input(cell, x, "BT")
    lengths = None if lengths is None else check_lengths(lengths, x)
    state = cell.start(len(x)) if state is None else state
    check_state(cell, state, len(x))
    states = PASSES[type(cell)](cell, x, state)
    last = tuple(at_end(s, lengths) for s in states)
    return blank(states[0], lengths), last if len(last) > 1 else last[0]
