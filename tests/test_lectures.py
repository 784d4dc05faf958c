"""Each lecture's LSTM and GRU: equal to its equations in scalars, and to the common cell."""

import math

import pytest
import torch

from rnnlib import lectures
from rnnlib.cells import loop

FORMS = [
    lectures.NotesLSTM,
    lectures.CS447LSTM,
    lectures.CS505LSTM,
    lectures.CS421GRU,
    lectures.CS447GRU,
    lectures.CS505GRU,
]
D, H, B, T = 3, 4, 2, 5


def sigma(a):
    return 1 / (1 + math.exp(-a))


def dot(row, vector):
    return sum(w * v for w, v in zip(row, vector, strict=True))


def sums(W, U, b, x, h):
    """W x + U h + b, number by number."""
    return [dot(w, x) + dot(u, h) + k for w, u, k in zip(W, U, b, strict=True)]


def gate(form, name, x, h):
    return sums(*[weight.tolist() for weight in form.rows(name)], x, h)


def notes(form, x, h, c):
    f, g, i, o = (
        [fun(a) for a in gate(form, k, x, h)]
        for k, fun in zip("fgio", (sigma, math.tanh, sigma, sigma))
    )
    c = [gg * ii + cc * ff for gg, ii, cc, ff in zip(g, i, c, f)]
    return [oo * math.tanh(cc) for oo, cc in zip(o, c)], c


def cs447_lstm(form, x, h, c):
    new, f, i, o = (
        [fun(a) for a in gate(form, k, x, h)]
        for k, fun in zip("cfio", (math.tanh, sigma, sigma, sigma))
    )
    c = [math.tanh(ff * cc + ii * nn) for ff, cc, ii, nn in zip(f, c, i, new)]
    return [oo * cc for oo, cc in zip(o, c)], c


def cs505_lstm(form, x, a, c):
    W_F, W_O, W_U, W_A = form.W.chunk(4)
    g_f, g_o, g_u = ([sigma(dot(row, a + x)) for row in W.tolist()] for W in (W_F, W_O, W_U))
    new = [math.tanh(dot(row, a + x)) for row in W_A.tolist()]
    c = [u * n + f * old for u, n, f, old in zip(g_u, new, g_f, c)]
    return [o * math.tanh(k) for o, k in zip(g_o, c)], c


def cs421_gru(form, x, h):
    r, z = ([sigma(a) for a in gate(form, k, x, h)] for k in "rz")
    new = [math.tanh(a) for a in gate(form, "g", x, [rr * hh for rr, hh in zip(r, h)])]
    return [(1 - zz) * hh + zz * nn for zz, hh, nn in zip(z, h, new)]


def cs447_gru(form, x, h, phi=math.tanh):
    b, rows = form.b.tolist(), {k: [w.tolist() for w in form.rows(k)[:2]] for k in "rzh"}
    r, z = ([sigma(a) for a in sums(*rows[k], b, x, h)] for k in "rz")
    new = [phi(a) for a in sums(*rows["h"], b, x, [rr * hh for rr, hh in zip(r, h)])]
    return [zz * hh + (1 - zz) * nn for zz, hh, nn in zip(z, h, new)]


def cs505_gru(form, x, a):
    W_R, W_U, W_A = form.W.chunk(3)
    g_r, g_u = ([sigma(dot(row, a + x)) for row in W.tolist()] for W in (W_R, W_U))
    reset = [r * old for r, old in zip(g_r, a)]
    new = [math.tanh(dot(row, reset + x)) for row in W_A.tolist()]
    return [u * n + (1 - u) * old for u, n, old in zip(g_u, new, a)]


SCALAR = dict(zip(FORMS, (notes, cs447_lstm, cs505_lstm, cs421_gru, cs447_gru, cs505_gru)))


def made(kind):
    torch.manual_seed(0)
    form = kind(D, H).double()
    with torch.no_grad():
        form.W.mul_(3)
    return form, torch.randn(B, T, D, dtype=torch.float64)


@pytest.mark.parametrize("kind", FORMS)
def test_a_form_equals_its_equations_in_scalars(kind):
    form, x = made(kind)
    h, _ = loop(form, x)
    for b in range(B):
        state = [[0.0] * H for _ in form.states]
        for t in range(T):
            state = SCALAR[kind](form, x[b, t].tolist(), *state)
            state = state if len(form.states) > 1 else [state]
            assert h[b, t].tolist() == pytest.approx(state[0], abs=1e-12)


@pytest.mark.parametrize("kind", [kind for kind in FORMS if kind is not lectures.CS447LSTM])
def test_a_renamed_form_is_the_common_cell(kind):
    form, x = made(kind)
    h, _ = loop(form, x)
    assert torch.allclose(h, loop(form.renamed(), x)[0], rtol=0, atol=1e-12)


def test_the_lstm_of_cs447_is_another_function():
    form, x = made(lectures.CS447LSTM)
    same = lectures.copied(
        lectures.LSTMCell, form, {k: form.rows(n) for k, n in zip("ifog", "ifoc")}
    )
    assert (loop(form, x)[0] - loop(same, x)[0]).abs().max() > 0.01
    with pytest.raises(ValueError, match="passes a tanh at every step"):
        form.renamed()


def test_with_relu_the_gru_of_cs447_equals_its_equations_in_scalars():
    torch.manual_seed(0)
    form, x = lectures.CS447GRU(D, H, phi=torch.relu).double(), 2 * torch.randn(1, T, D).double()
    h, _ = loop(form, x)
    state = [0.0] * H
    for t in range(T):
        state = cs447_gru(form, x[0, t].tolist(), state, phi=lambda a: max(a, 0.0))
        assert h[0, t].tolist() == pytest.approx(state, abs=1e-12)
    names, weights = zip(*form.named_parameters())

    def run(x, *weights):
        return torch.func.functional_call(form, dict(zip(names, weights)), (x[:, 0], form.start(1)))

    assert torch.autograd.gradcheck(run, (x.requires_grad_(), *weights))


def test_relu_has_no_common_gru():
    form = lectures.CS447GRU(D, H, phi=torch.relu)
    assert (form(torch.ones(1, D), form.start(1)) > 0).any()
    with pytest.raises(ValueError, match="tanh candidate"):
        form.renamed()


def test_the_update_gates_of_the_lectures_point_in_opposite_directions():
    """A gate forced open keeps the old state in cs447, takes the candidate elsewhere."""
    old = torch.full((1, H), 0.5, dtype=torch.float64)
    x = torch.ones(1, D, dtype=torch.float64)
    for kind, keeps in [
        (lectures.CS447GRU, True),
        (lectures.CS421GRU, False),
        (lectures.CS505GRU, False),
    ]:
        form, _ = made(kind)
        update = "U" if kind is lectures.CS505GRU else "z"
        with torch.no_grad():
            form.rows(update)[0].fill_(50.0)
        parts = form.parts(x, old)
        assert torch.allclose(parts["h"], old if keeps else parts["g"])


@pytest.mark.parametrize("kind", FORMS)
def test_gradients_agree_with_finite_differences(kind):
    form, x = made(kind)
    names, weights = zip(*form.named_parameters())

    def run(x, *weights):
        return torch.func.functional_call(form, dict(zip(names, weights)), (x[:, 0], form.start(B)))

    assert torch.autograd.gradcheck(run, (x.requires_grad_(), *weights))


@pytest.mark.parametrize("kind", FORMS)
def test_every_weight_gets_a_gradient(kind):
    form, x = made(kind)
    loop(form, x)[0].sum().backward()
    assert all(w.grad is not None and w.grad.abs().sum() > 0 for w in form.parameters())
