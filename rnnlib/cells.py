"""Recurrent cells: one step of a network with a memory, one line of code per gate.

Sizes: B batch, T time, D input, H hidden; x is (B, D) for a step and (B, T, D) for a sequence.
Letters: W reads the input, U reads the previous state, b is the bias; a gate's letter is the suffix
(`cell.W_f` is the forget gate's part of `cell.W`).  States: h, and for the LSTM the pair (h, c).
Gates: i input, f forget, o output (LSTM); r reset, z update (GRU); g is the candidate everywhere.

The two traps of the GRU:
1. Which way the update gate mixes.  Here h = z * h + (1 - z) * g, as cs447 and torch.nn: z near 1
   keeps the old state.  cs421 and cs505 mix the other way round, z near 1 takes the new candidate.
2. Where the reset gate acts.  `GRUCell` resets the state before the matrix, U_g (r * h), as the
   lectures; `GRUResetAfterCell` after it, r * (U_g h + b_q), as torch.nn.  With the same weights
   the two differ unless U_g is diagonal.
"""

import torch
from torch import nn, sigmoid, tanh

from .shapes import blank, check_input, check_lengths, check_state, ends


class Cell(nn.Module):
    """One step of a recurrent network: `state = cell(x, state)`.

    The weights are stacked by blocks of H rows, in the order of the letters in `gates`:
    W (nH, D), U (nH, H), b (nH,).  A subclass writes its equations in `parts`.
    """

    gates = ""
    states = ("h",)  # the names of the tensors that make up the state
    twin = None  # the class of torch.nn with the same equations
    torch_gates = ""  # the order in which it stacks the same rows

    def __init__(self, D, H):
        super().__init__()
        if D < 1 or H < 1:
            raise ValueError(f"D and H must be at least 1, got D={D}, H={H}")
        self.D, self.H, n = D, H, len(self.gates)
        self.W = nn.Parameter(torch.empty(n * H, D))
        self.U = nn.Parameter(torch.empty(n * H, H))
        self.b = nn.Parameter(torch.empty(n * H))
        self.initialise()

    def initialise(self):
        """Draw every weight uniformly from +-1/sqrt(H), as torch.nn does."""
        for weight in self.parameters():
            nn.init.uniform_(weight, -1 / self.H**0.5, 1 / self.H**0.5)

    def rows(self, gate):
        """(W_k, U_k, b_k): the rows of one gate, as views of the stacked weights."""
        if gate not in tuple(self.gates):
            raise ValueError(f"gate must be one of {', '.join(self.gates)}, got {gate!r}")
        k = self.gates.index(gate) * self.H
        return self.W[k : k + self.H], self.U[k : k + self.H], self.b[k : k + self.H]

    def __getattr__(self, name):
        """`cell.W_f`, `cell.U_f`, `cell.b_f` are the rows of the gate f."""
        if len(name) == 3 and name[0] in "WUb" and name[1] == "_" and name[2] in self.gates:
            return self.rows(name[2])["WUb".index(name[0])]
        return super().__getattr__(name)

    def start(self, B):
        """The zero state for B sequences, with the dtype and the device of the weights."""
        zeros = tuple(self.U.new_zeros(B, self.H) for _ in self.states)
        return zeros if len(zeros) > 1 else zeros[0]

    def output(self, state):
        """h (B, H): the part of the state that the next layer sees."""
        return state[0] if len(self.states) > 1 else state

    def parts(self, x, state):
        """Every named quantity of one step, a dict from its letter to a tensor (B, H)."""
        raise NotImplementedError("a cell writes its equations in parts(x, state)")

    def pick(self, parts):
        """The new state out of the dict that `parts` returned."""
        state = tuple(parts[name] for name in self.states)
        return state if len(state) > 1 else state[0]

    def forward(self, x, state):
        """The new state from x (B, D) and the old state."""
        return self.pick(self.parts(x, state))

    def checked(self, x, state):
        """The state, after the sizes of x and of every tensor in the state were checked."""
        check_input(self, x, ("B",))
        check_state(self, state, len(x))
        return state

    def extra_repr(self):
        return f"D={self.D}, H={self.H}"

    def blank_twin(self):
        """A layer of torch.nn with the same equations and its own weights."""
        raise ValueError(f"torch.nn has no twin of {type(self).__name__}: run it with bptt.run")

    @classmethod
    def like(cls, module, D, H):
        """A cell of these sizes with the settings of the torch.nn module, weights still to come."""
        return cls(D, H)

    @torch.no_grad()
    def to_torch(self):
        """The same layer as torch.nn has it: one layer, batch first, with copies of the weights."""
        twin = self.blank_twin().to(self.W)
        order = [self.gates.index(k) for k in self.torch_gates]
        twin.weight_ih_l0.copy_(reorder(self.W, order))
        twin.weight_hh_l0.copy_(reorder(self.U, order))
        if twin.bias:
            twin.bias_ih_l0.copy_(reorder(self.b, order))
            twin.bias_hh_l0.zero_()  # torch adds a second bias; one of the two is enough
        return twin

    @classmethod
    @torch.no_grad()
    def from_torch(cls, module, suffix=None):
        """The cell with copies of a torch.nn layer's weights.

        `suffix` chooses a layer of a deeper module by torch's name for it: "l0", "l1_reverse".
        """
        W, U, b_x, b_h = torch_weights(cls, module, suffix)
        cell = cls.like(module, W.shape[1], U.shape[1]).to(W)
        order = [cls.torch_gates.index(k) for k in cls.gates]
        cell.W.copy_(reorder(W, order))
        cell.U.copy_(reorder(U, order))
        cell.b.copy_(reorder(b_x + b_h, order))
        return cell


class RNNCell(Cell):
    """The simple (Elman) network: h = g(W x + U h + b), in all lectures.

    g is tanh, torch.relu or any other function of a tensor.  bias=False fixes b at zero.
    """

    gates = torch_gates = "h"
    twin = nn.RNN

    def __init__(self, D, H, g=tanh, bias=True):
        super().__init__(D, H)
        self.g = g
        if not bias:
            del self.b
            self.register_buffer("b", torch.zeros(H), persistent=False)

    def parts(self, x, state):
        h = self.checked(x, state)
        h = self.g(x @ self.W.T + h @ self.U.T + self.b)
        return {"h": h}

    def blank_twin(self):
        names = {tanh: "tanh", torch.relu: "relu", nn.functional.relu: "relu"}
        if self.g not in names:
            raise ValueError(f"nn.RNN knows tanh and relu, got g={self.g}: run it with cells.loop")
        bias = isinstance(self.b, nn.Parameter)
        return nn.RNN(self.D, self.H, nonlinearity=names[self.g], bias=bias, batch_first=True)

    @classmethod
    def like(cls, module, D, H):
        return cls(D, H, torch.relu if module.nonlinearity == "relu" else tanh, module.bias)


class LSTMCell(Cell):
    """Long short-term memory: a context c beside the state h, and three gates (notes, cs505).

    What the gates add up in c meets no matrix on its way: the derivative of c by the old c is f.
    (cs447 squashes the new c itself and not on the way out: see rnnlib.lectures.)
    """

    gates = "oifg"  # the sigmoids are neighbours: one call covers them (see bptt_lstm)
    states = ("h", "c")
    torch_gates = "ifgo"
    twin = nn.LSTM

    def parts(self, x, state):
        h, c = self.checked(x, state)
        i = sigmoid(x @ self.W_i.T + h @ self.U_i.T + self.b_i)
        f = sigmoid(x @ self.W_f.T + h @ self.U_f.T + self.b_f)
        o = sigmoid(x @ self.W_o.T + h @ self.U_o.T + self.b_o)
        g = tanh(x @ self.W_g.T + h @ self.U_g.T + self.b_g)
        c = f * c + i * g
        h = o * tanh(c)
        return {"i": i, "f": f, "o": o, "g": g, "c": c, "h": h}

    def blank_twin(self):
        return nn.LSTM(self.D, self.H, batch_first=True)


class GRUCell(Cell):
    """The GRU of the lectures: the reset gate acts BEFORE the matrix, U_g (r * h) (cs447, cs505).

    h = z * h + (1 - z) * g as in cs447; cs421 and cs505 mix the other way round.  torch.nn has
    no such layer: its GRU resets after the matrix (`GRUResetAfterCell`).
    """

    gates = "rzg"

    def parts(self, x, state):
        h = self.checked(x, state)
        r = sigmoid(x @ self.W_r.T + h @ self.U_r.T + self.b_r)
        z = sigmoid(x @ self.W_z.T + h @ self.U_z.T + self.b_z)
        g = tanh(x @ self.W_g.T + (r * h) @ self.U_g.T + self.b_g)
        h = z * h + (1 - z) * g
        return {"r": r, "z": z, "g": g, "h": h}


class GRUResetAfterCell(Cell):
    """The GRU of torch.nn: the reset gate acts AFTER the matrix, on q = U_g h + b_q.

    h = z * h + (1 - z) * g as in cs447; cs421 and cs505 mix the other way round.  One product
    U h serves all three gates, which is why it is the faster of the two.
    """

    gates = torch_gates = "rzg"
    twin = nn.GRU

    def __init__(self, D, H):
        super().__init__(D, H)
        self.b_q = nn.Parameter(torch.empty(H))
        self.initialise()

    def parts(self, x, state):
        h = self.checked(x, state)
        r = sigmoid(x @ self.W_r.T + h @ self.U_r.T + self.b_r)
        z = sigmoid(x @ self.W_z.T + h @ self.U_z.T + self.b_z)
        q = h @ self.U_g.T + self.b_q
        g = tanh(x @ self.W_g.T + r * q + self.b_g)
        h = z * h + (1 - z) * g
        return {"r": r, "z": z, "q": q, "g": g, "h": h}

    def blank_twin(self):
        return nn.GRU(self.D, self.H, batch_first=True)

    @torch.no_grad()
    def to_torch(self):
        twin = super().to_torch()
        twin.bias_hh_l0[-self.H :] = self.b_q
        return twin

    @classmethod
    @torch.no_grad()
    def from_torch(cls, module, suffix=None):
        cell = super().from_torch(module, suffix)
        _, _, b_x, b_h = torch_weights(cls, module, suffix)
        cell.b_g.copy_(b_x[-cell.H :])
        cell.b_q.copy_(b_h[-cell.H :])
        return cell


class SimpleGRUCell(Cell):
    """The simple GRU of cs505: an update gate and no reset gate, two pairs of matrices.

    h = z * h + (1 - z) * g as in cs447; cs505 mixes the other way round.
    """

    gates = "zg"

    def parts(self, x, state):
        h = self.checked(x, state)
        z = sigmoid(x @ self.W_z.T + h @ self.U_z.T + self.b_z)
        g = tanh(x @ self.W_g.T + h @ self.U_g.T + self.b_g)
        h = z * h + (1 - z) * g
        return {"z": z, "g": g, "h": h}


def loop(cell, x, state=None, lengths=None):
    """The readable way through time: `(h (B, T, H), last state)` from x (B, T, D), step by step.

    With lengths a sequence that has ended keeps its state, and its outputs are zero from there on.
    """
    check_input(cell, x, "BT")
    lengths = None if lengths is None else check_lengths(lengths, x)
    state = cell.start(len(x)) if state is None else state
    outputs, states = [], []
    for x_t in x.unbind(1):
        state = cell(x_t, state)
        outputs.append(cell.output(state))
        states.append(state)
    return blank(torch.stack(outputs, 1), lengths), ends(states, lengths)


def reorder(rows, order):
    """The blocks of H rows in another order: torch.nn stacks the gates its own way."""
    return rows.unflatten(0, (len(order), -1))[order].flatten(0, 1)


def torch_weights(cls, module, suffix):
    """(W, U, b_x, b_h) of one layer of a torch.nn module; the biases are zeros if it has none."""
    if not isinstance(module, cls.twin or ()):
        name = type(module).__name__
        raise ValueError(f"{cls.__name__} has no twin in nn.{name}, got one: the equations differ")
    if module.proj_size:
        raise ValueError(f"an LSTM with a projection has no twin, got proj_size={module.proj_size}")
    if suffix is None and (module.num_layers > 1 or module.bidirectional):
        raise ValueError('a deep or two-way module needs a suffix, got none: say "l1_reverse"')
    names = ["weight_ih", "weight_hh", "bias_ih", "bias_hh"]
    found = [getattr(module, f"{name}_{suffix or 'l0'}", None) for name in names]
    if found[0] is None:
        raise ValueError(f'the module has no layer with the suffix {suffix!r}: "l0" is the first')
    return [found[0].new_zeros(len(found[0])) if w is None else w for w in found]
