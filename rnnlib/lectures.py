"""The LSTM and the GRU exactly as each lecture writes them, runnable, with what each one really is.

| class     | what is different                                                      |
|-----------|------------------------------------------------------------------------|
| NotesLSTM | names two products on the way (k = f * c and j = i * g), no bias       |
| CS447LSTM | a tanh around the new cell state and none on the way out               |
| CS505LSTM | weights on (a ; x) concatenated, "update" for input, no bias, a for h  |
| CS421GRU  | z near 1 takes the candidate                                           |
| CS447GRU  | z near 1 keeps the old state; one bias for all three; tanh or ReLU     |
| CS505GRU  | concatenated, "recall" for reset, no bias, z near 1 takes the candidate |

`form.renamed()` gives the cell of `rnnlib.cells` that is the same function; CS447LSTM has none.
"""

import torch
from torch import nn, sigmoid, tanh

from .cells import Cell, GRUCell, LSTMCell


class Concatenated(Cell):
    """cs505's way to write weights: one matrix a gate, on the concatenation (a ; x), no bias.

    W (nH, H + D): the first H columns read the previous activation a, the other D the input.
    """

    def __init__(self, D, H):
        nn.Module.__init__(self)
        self.D, self.H = D, H
        self.W = nn.Parameter(torch.empty(len(self.gates) * H, H + D))
        self.initialise()

    @property
    def U(self):
        """The columns that read the previous activation."""
        return self.W[:, : self.H]

    def rows(self, gate):
        """(W_k, U_k, b_k) in the common letters: the columns for x, the columns for a, zeros."""
        block = self.W.chunk(len(self.gates))[self.gates.index(gate)]
        return block[:, self.H :], block[:, : self.H], block.new_zeros(self.H)


class NotesLSTM(Cell):
    """The notes: forget, add and output gate, with names for what passes the first two.

    The formulas were lost from the notes; these follow the text and the book behind it (Jurafsky
    and Martin, Speech and Language Processing, section on the LSTM), which has no bias.
    """

    gates = "fgio"
    states = ("h", "c")

    def __init__(self, D, H):
        super().__init__(D, H)
        del self.b
        self.register_buffer("b", torch.zeros(4 * H), persistent=False)

    def parts(self, x, state):
        h, c = self.checked(x, state)
        f = sigmoid(h @ self.U_f.T + x @ self.W_f.T)
        k = c * f
        g = tanh(h @ self.U_g.T + x @ self.W_g.T)
        i = sigmoid(h @ self.U_i.T + x @ self.W_i.T)
        j = g * i
        c = j + k
        o = sigmoid(h @ self.U_o.T + x @ self.W_o.T)
        h = o * tanh(c)
        return {"f": f, "k": k, "g": g, "i": i, "j": j, "o": o, "c": c, "h": h}

    def renamed(self):
        """The LSTMCell that is the same function."""
        return copied(LSTMCell, self, {gate: self.rows(gate) for gate in "ifog"})


class CS447LSTM(Cell):
    """cs447: the new cell state is squashed, c = tanh(f * c + i * c~), and shown as h = o * c."""

    gates = "cfio"
    states = ("h", "c")

    def parts(self, x, state):
        h, c = self.checked(x, state)
        c_new = tanh(x @ self.W_c.T + h @ self.U_c.T + self.b_c)
        f = sigmoid(x @ self.W_f.T + h @ self.U_f.T + self.b_f)
        i = sigmoid(x @ self.W_i.T + h @ self.U_i.T + self.b_i)
        o = sigmoid(x @ self.W_o.T + h @ self.U_o.T + self.b_o)
        c = tanh(f * c + i * c_new)
        h = o * c
        return {"g": c_new, "f": f, "i": i, "o": o, "c": c, "h": h}

    def renamed(self):
        """ValueError: no renaming makes this the common LSTM; its cell state passes a tanh."""
        raise ValueError(
            "the LSTM of cs447 is another function than LSTMCell, got a request to "
            "rename it: its cell state passes a tanh at every step"
        )


class CS505LSTM(Concatenated):
    """cs505: a for h, weights on (a ; x) concatenated, gates forget, output, update, no bias."""

    gates = "FOUA"
    states = ("h", "c")

    def parts(self, x, state):
        a, c = self.checked(x, state)
        W_F, W_O, W_U, W_A = self.W.chunk(4)
        ax = torch.cat((a, x), 1)  # (B, H + D)
        g_f = sigmoid(ax @ W_F.T)
        g_o = sigmoid(ax @ W_O.T)
        g_u = sigmoid(ax @ W_U.T)
        c_new = tanh(ax @ W_A.T)
        c = g_u * c_new + g_f * c
        a = g_o * tanh(c)
        return {"f": g_f, "o": g_o, "i": g_u, "g": c_new, "c": c, "h": a}

    def renamed(self):
        """The LSTMCell that is the same function: update is the input gate."""
        names = {"i": "U", "f": "F", "o": "O", "g": "A"}
        return copied(LSTMCell, self, {k: self.rows(name) for k, name in names.items()})


class CS421GRU(Cell):
    """cs421: h = (1 - z) * h + z * h', where h' is the candidate made from the reset state."""

    gates = "rzg"

    def parts(self, x, state):
        h = self.checked(x, state)
        r = sigmoid(x @ self.W_r.T + h @ self.U_r.T + self.b_r)
        z = sigmoid(x @ self.W_z.T + h @ self.U_z.T + self.b_z)
        g = tanh(x @ self.W_g.T + (r * h) @ self.U_g.T + self.b_g)
        h = (1 - z) * h + z * g
        return {"r": r, "z": z, "g": g, "h": h}

    def renamed(self):
        """The GRUCell that is the same function: its z is the sigmoid of minus the sum."""
        return copied(
            GRUCell, self, {"r": self.rows("r"), "z": negated(self, "z"), "g": self.rows("g")}
        )


class CS447GRU(Cell):
    """cs447: h = z * h + (1 - z) * h~, one bias b_r in all three sums, phi = tanh or torch.relu."""

    gates = "rzh"

    def __init__(self, D, H, phi=tanh):
        super().__init__(D, H)
        self.phi = phi
        self.b = nn.Parameter(self.b.detach()[:H].clone())  # b_r, the only one

    def parts(self, x, state):
        h = self.checked(x, state)
        r = sigmoid(x @ self.W_r.T + h @ self.U_r.T + self.b_r)
        g = self.phi(x @ self.W_h.T + (r * h) @ self.U_h.T + self.b_r)
        z = sigmoid(x @ self.W_z.T + h @ self.U_z.T + self.b_r)
        h = z * h + (1 - z) * g
        return {"r": r, "z": z, "g": g, "h": h}

    def renamed(self):
        """The GRUCell that is the same function, with the bias written three times; tanh only."""
        if self.phi is not tanh:
            raise ValueError("GRUCell has a tanh candidate, got phi=ReLU: run this form by itself")
        names = {"r": "r", "z": "z", "g": "h"}
        rows = {k: (*self.rows(name)[:2], self.b) for k, name in names.items()}
        return copied(GRUCell, self, rows)


class CS505GRU(Concatenated):
    """cs505: weights on (a ; x), gates recall and update, a = g_u * a~ + (1 - g_u) * a, no bias."""

    gates = "RUA"

    def parts(self, x, state):
        a = self.checked(x, state)
        W_R, W_U, W_A = self.W.chunk(3)
        ax = torch.cat((a, x), 1)  # (B, H + D)
        g_r = sigmoid(ax @ W_R.T)
        g_u = sigmoid(ax @ W_U.T)
        a_new = tanh(torch.cat((g_r * a, x), 1) @ W_A.T)
        a = g_u * a_new + (1 - g_u) * a
        return {"r": g_r, "z": g_u, "g": a_new, "h": a}

    def renamed(self):
        """The GRUCell that is the same function: recall is reset, update mixes the other way."""
        return copied(
            GRUCell, self, {"r": self.rows("R"), "z": negated(self, "U"), "g": self.rows("A")}
        )


def negated(cell, gate):
    """The rows of a gate with the opposite sign: 1 - sigmoid(a) = sigmoid(-a)."""
    return tuple(-weight for weight in cell.rows(gate))


@torch.no_grad()
def copied(kind, form, rows):
    """A cell of a common kind with weights from `rows`: dict from its gate to (W_k, U_k, b_k)."""
    cell = kind(form.D, form.H).to(form.W)
    for gate, weights in rows.items():
        for mine, theirs in zip(cell.rows(gate), weights, strict=True):
            mine.copy_(theirs)
    return cell
