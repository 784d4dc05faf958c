"""The checks of notebook 02: a step, a forward pass, counting, a slope, a published step."""
import torch

from .core import Case, examine


def drawn(*shape, seed):
    """Numbers from a normal distribution, the same in every run."""
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed))


def weights(D, H, seed):
    """(W (H, D), U (H, H), b (H,)), the bias well away from zero."""
    return drawn(H, D, seed=seed), drawn(H, H, seed=seed + 1), 0.5 + drawn(H, seed=seed + 2).abs()


# --- one step -----------------------------------------------------------------------------------


def right_step(x, h, W, U, b):
    """What is expected of a step."""
    return torch.tanh(x @ W.T + h @ U.T + b)


def other_order(x, h, W, U, b):
    """Weights concatenated as [W U], inputs as (h, x): the sizes fit, the meaning does not."""
    return torch.tanh(torch.cat([h, x], 1) @ torch.cat([W, U], 1).T + b)


STEP_MISTAKES = [
    ("no g: without tanh around the sum the network is linear, however many steps it runs",
     lambda x, h, W, U, b: x @ W.T + h @ U.T + b),
    ("the old state is not used: U h is missing, so the step has no memory",
     lambda x, h, W, U, b: torch.tanh(x @ W.T + b)),
    ("the input is not used: W x is missing",
     lambda x, h, W, U, b: torch.tanh(h @ U.T + b)),
    ("the bias is missing", lambda x, h, W, U, b: torch.tanh(x @ W.T + h @ U.T)),
    ("the bias is added twice: it belongs to the sum, not to each of the two products",
     lambda x, h, W, U, b: torch.tanh(x @ W.T + b + h @ U.T + b)),
    ("the bias is added outside tanh", lambda x, h, W, U, b: torch.tanh(x @ W.T + h @ U.T) + b),
    ("W and U are swapped: W reads the input, U reads the old state",
     lambda x, h, W, U, b: torch.tanh(x @ U.T + h @ W.T + b)),
    ("concatenated in two different orders: the columns of [W U] meet (h, x), not (x, h)",
     other_order),
    ("U is transposed: with a row for each sequence, U h is written h @ U.T",
     lambda x, h, W, U, b: torch.tanh(x @ W.T + h @ U + b)),
    ("W is transposed: with a row for each sequence, W x is written x @ W.T",
     lambda x, h, W, U, b: torch.tanh(x @ W + h @ U.T + b)),
    ("both matrices are transposed: with a row for each sequence, it is x @ W.T and h @ U.T",
     lambda x, h, W, U, b: torch.tanh(x @ W + h @ U + b)),
    ("tanh is taken of each term: it belongs around the sum",
     lambda x, h, W, U, b: torch.tanh(x @ W.T) + torch.tanh(h @ U.T) + b),
    ("sigmoid in place of tanh", lambda x, h, W, U, b: torch.sigmoid(x @ W.T + h @ U.T + b)),
    ("ReLU in place of tanh", lambda x, h, W, U, b: torch.relu(x @ W.T + h @ U.T + b)),
]

STEP_CASES = [
    Case(name, [(drawn(B, D, seed=n), drawn(B, H, seed=n + 1), *weights(D, H, n + 2))],
         right_step, STEP_MISTAKES)
    for n, (name, B, D, H) in enumerate([
        ("one sequence, three inputs, two units", 1, 3, 2),
        ("as many inputs as units", 1, 2, 2),
        ("a batch of three sequences", 3, 4, 5)])
]


def step(function):
    """Report on `function(x (B, D), h (B, H), W, U, b) -> h (B, H)`, one step of the simple RNN."""
    return examine(function, STEP_CASES)


# --- the forward pass ---------------------------------------------------------------------------


def run(x, h0, weights, choose=lambda h0, h, z: h, term=right_step):
    """(h (B, T, H), z (B, T, K)): a forward pass; `choose` says what the next step is given."""
    W, U, b, V = weights
    given, states, scores = h0, [], []
    for x_t in x.unbind(1):
        h = term(x_t, given, W, U, b)
        z = h @ V.T
        given = choose(h0, h, z)
        states.append(h)
        scores.append(z)
    return torch.stack(states, 1), torch.stack(scores, 1)


def right_forward(x, h0, W, U, b, V):
    """What is expected of a forward pass."""
    return run(x, h0, (W, U, b, V))


def carried_over(x, h0, W, U, b, V):
    """Rows one after the other, each from the last state of the row before."""
    found, h = [], h0[:1]
    for row in x:
        found.append(run(row[None], h, (W, U, b, V)))
        h = found[-1][0][:, -1]
    return torch.cat([h for h, _ in found]), torch.cat([z for _, z in found])


def first_only(x, h0, W, U, b, V):
    """U h at the first step, and never again."""
    h, z = run(x, h0, (W, U, b, V), choose=lambda h0, h, z: torch.zeros_like(h))
    return h, z


def late_scores(x, h0, W, U, b, V):
    """Scores of the state before the step."""
    h, _ = right_forward(x, h0, W, U, b, V)
    return h, torch.cat([h0[:, None], h[:, :-1]], 1) @ V.T


def before(x, h0, W, U, b, V):
    """States kept before the step, from h_0 on, without the last one; scores of these."""
    h = with_h0(x, h0, W, U, b, V)[0][:, :-1]
    return h, h @ V.T


def with_h0(x, h0, W, U, b, V):
    """h_0 among the states, scores of them all."""
    h = torch.cat([h0[:, None], right_forward(x, h0, W, U, b, V)[0]], 1)
    return h, h @ V.T


def turned(x, h0, W, U, b, V):
    """Time first, as torch.stack does without an axis."""
    return tuple(value.transpose(0, 1) for value in right_forward(x, h0, W, U, b, V))


def as_scores(change):
    """A forward pass whose scores are changed."""
    def function(x, h0, W, U, b, V):
        h, z = right_forward(x, h0, W, U, b, V)
        return h, change(z)
    return function


def with_step(term):
    """A forward pass with another step."""
    return lambda x, h0, W, U, b, V: run(x, h0, (W, U, b, V), term=term)


def with_choice(choose):
    """A forward pass that gives the next step something else than the state."""
    return lambda x, h0, W, U, b, V: run(x, h0, (W, U, b, V), choose)


FORWARD_MISTAKES = [
    ("h_0 is used at every step: the new state has to be the old one of the next step",
     with_choice(lambda h0, h, z: h0)),
    ("U h is used at the first step only: from the second step on the network has no memory",
     first_only),
    ("the output z is fed back in place of the state h: U belongs to h",
     with_choice(lambda h0, h, z: z)),
    ("the probabilities softmax(z) are fed back in place of the state h: U belongs to h",
     with_choice(lambda h0, h, z: torch.softmax(z, -1))),
    ("a row of the batch begins with the last state of the row above: each has its own state",
     carried_over),
    ("all rows share one state, the mean over the batch: each sequence has its own state",
     with_choice(lambda h0, h, z: h.mean(0, keepdim=True).expand_as(h))),
    ("the state is set to zeros at the start: h_0 is an argument, the past may be longer than x",
     lambda x, h0, W, U, b, V: right_forward(x, 0 * h0, W, U, b, V)),
    ("the old state is kept and added to: h_t is the new value of g, not h_(t-1) + g",
     with_step(lambda x, h, W, U, b: h + right_step(x, h, W, U, b))),
    ("the sequence is read from its end",
     lambda x, h0, W, U, b, V: right_forward(x.flip(1), h0, W, U, b, V)),
    ("the loop runs over the rows of the batch: time is the second axis, x[:, t]",
     lambda x, h0, W, U, b, V: right_forward(x.transpose(0, 1), h0, W, U, b, V)),
    ("z_t is computed from the state before the step: it is V h_t", late_scores),
    ("the states are stored before the update: the first to be kept is h_1, the last h_T", before),
    ("h_0 is among the states: there are T of them, h_1 to h_T", with_h0),
    ("h_0 is among the states: there are T of them, h_1 to h_T",
     lambda *given: (with_h0(*given)[0], right_forward(*given)[1])),
    ("the steps are stacked along the first axis: time is the second, torch.stack(..., 1)", turned),
    ("the two values are swapped: return the states, then the scores",
     lambda *given: right_forward(*given)[::-1]),
    ("softmax is already applied to the scores z", as_scores(lambda z: torch.softmax(z, -1))),
    ("g is also applied to the scores: z = V h", as_scores(torch.tanh)),
    *[(what, with_step(term)) for what, term in STEP_MISTAKES],
]


def forward_input(seed, B, T, D, H, K):
    """x, h_0, W, U, b, V of these sizes."""
    x, h0, V = drawn(B, T, D, seed=seed), drawn(B, H, seed=seed + 1), drawn(K, H, seed=seed + 5)
    return x, h0, *weights(D, H, seed + 2), V


FORWARD_CASES = [
    Case(name, [forward_input(n, *sizes)], right_forward, FORWARD_MISTAKES, returns=("h", "z"))
    for n, (name, *sizes) in enumerate([
        ("one step", 1, 1, 3, 2, 4),
        ("three steps of one sequence", 1, 3, 2, 2, 2),
        ("three sequences do not disturb one another", 3, 4, 2, 2, 2),
        ("other sizes", 2, 5, 4, 3, 6)])
]


def forward(function):
    """Report on `function(x (B, T, D), h0 (B, H), W, U, b, V) -> (h (B, T, H), z (B, T, K))`."""
    return examine(function, FORWARD_CASES)


# --- counting, slopes, and a published step -----------------------------------------------------


def right_count(D, H, K):
    """What is expected: the numbers in W, U, b and V."""
    return H * D + H * H + H + K * H


COUNT_MISTAKES = [
    ("U is missing: H x H weights read the old state", lambda D, H, K: H * D + H + K * H),
    ("U is counted with D columns: it reads a state, which has H numbers",
     lambda D, H, K: 2 * H * D + H + K * H),
    ("U is counted as H weights: every unit reads every unit",
     lambda D, H, K: H * D + 2 * H + K * H),
    ("the bias b is missing", lambda D, H, K: H * D + H * H + K * H),
    ("two biases are counted: torch.nn has two, the equation has one",
     lambda D, H, K: H * D + H * H + 2 * H + K * H),
    ("V is missing", lambda D, H, K: H * D + H * H + H),
    ("V is counted with D columns: it reads the state",
     lambda D, H, K: H * D + H * H + H + K * D),
    ("V has no bias here: z = V h", lambda D, H, K: H * D + H * H + H + K * H + K),
]

COUNT_CASES = [
    Case("small sizes, countable by hand", [(5, 3, 4)], right_count, COUNT_MISTAKES),
    Case("other sizes", [(50, 100, 7), (1, 1, 1), (26, 64, 26)], right_count, COUNT_MISTAKES),
]


def parameters(function):
    """Report on `function(D, H, K) -> how many numbers are in W, U, b and V`."""
    return examine(function, COUNT_CASES)


SLOPE_MISTAKES = [
    ("tanh is applied again: h is already tanh(a)", lambda h: 1 - torch.tanh(h) ** 2),
    ("h (1 - h) is the slope of the sigmoid", lambda h: h * (1 - h)),
    ("the square is missing: 1 - h is not the slope", lambda h: 1 - h),
    ("the sign is wrong: the slope is never above 1", lambda h: 1 + h**2),
    ("the sign is wrong: tanh rises everywhere", lambda h: h**2 - 1),
    ("1 where h > 0 is the slope of ReLU", lambda h: (h > 0).to(h)),
]

SLOPE_CASES = [
    Case(name, [(h,)], lambda h: 1 - h**2, SLOPE_MISTAKES)
    for name, h in [("where tanh is steepest, h = 0", torch.zeros(1)),
                    ("from the value 0.5", torch.tensor([0.5])),
                    ("a whole state at once", torch.tanh(drawn(2, 4, seed=7)))]
]


def slope(function):
    """Report on `function(h) -> the derivative of tanh at a, given only h = tanh(a)`."""
    return examine(function, SLOPE_CASES)


def published(x, h, W, b):
    """The step as it was published."""
    return torch.cat([x, h], 1) @ W.T + b


STATE_MISTAKES = [
    ("this is the published step, as it was", published),
    ("tanh acts on what goes in: the sum that comes out is still linear in it",
     lambda x, h, W, b: torch.tanh(torch.cat([x, h], 1)) @ W.T + b),
    ("softmax is for the output: the units of a state do not compete for a total of 1",
     lambda x, h, W, b: torch.softmax(published(x, h, W, b), 1)),
    ("log-softmax is for the output: the units of a state do not compete",
     lambda x, h, W, b: torch.log_softmax(published(x, h, W, b), 1)),
    ("the order was right before: these weights were made for (x, h)",
     lambda x, h, W, b: torch.tanh(published(h, x, W, b))),
    ("a nonlinearity is there now; the exercise asks for the lectures' tanh, this is ReLU",
     lambda x, h, W, b: torch.relu(published(x, h, W, b))),
    ("a nonlinearity is there now; the exercise asks for the lectures' tanh, this is the sigmoid",
     lambda x, h, W, b: torch.sigmoid(published(x, h, W, b))),
]

def state_input(B, D, H):
    """x, h, the matrix for (x, h), the bias."""
    return drawn(B, D, seed=20), drawn(B, H, seed=21), drawn(H, D + H, seed=22), drawn(H, seed=23)


STATE_CASES = [
    Case("a step of a recurrent network", [state_input(1, 2, 2), state_input(3, 4, 2)],
         lambda x, h, W, b: torch.tanh(published(x, h, W, b)), STATE_MISTAKES),
]


def new_state(function):
    """Report on `function(x (B, D), h (B, H), W (H, D + H), b) -> h (B, H)`: the mistake mended."""
    return examine(function, STATE_CASES)
