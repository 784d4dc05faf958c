"""Right and wrong answers to the exercises of notebook 03, for the tests alone."""
import torch

# --- errors -------------------------------------------------------------------------------------


def errors_from_the_right(own, slope, U):
    d_h = [0.0] * len(own)
    future = 0.0
    for t in reversed(range(len(own))):
        d_h[t] = own[t] + future
        future = U * slope[t] * d_h[t]
    return d_h


def errors_of_each_loss(own, slope, U):
    """Another way: the own error of each step, times the product of the factors in between."""
    found = []
    for t in range(len(own)):
        factor, total = 1.0, 0.0
        for later in range(t, len(own)):
            factor *= U * slope[later] if later > t else 1.0
            total += own[later] * factor
        found.append(total)
    return found


def errors_with(future):
    def errors(own, slope, U):
        d_h = list(own)
        for t in range(len(own) - 2, -1, -1):
            d_h[t] += future(own, slope, U, d_h, t)
        return d_h
    return errors


def errors_forward(own, slope, U):
    d_h, past = [], 0.0
    for o, s in zip(own, slope, strict=True):
        d_h.append(o + past)
        past = U * s * d_h[-1]
    return d_h


ERRORS_RIGHT = [errors_from_the_right, errors_of_each_loss]
ERRORS_WRONG = [
    (lambda own, slope, U: [o for o in own], "the error from the future is missing"),
    (errors_with(lambda own, s, U, d, t: U * s[t] * d[t + 1]), "slope belongs to the wrong step"),
    (errors_with(lambda own, s, U, d, t: U * d[t + 1]), "the slope is missing"),
    (errors_with(lambda own, s, U, d, t: s[t + 1] * d[t + 1]), "U is missing"),
    (errors_with(lambda own, s, U, d, t: U * s[t + 1] * own[t + 1]), "only one step of the future"),
    (errors_forward, "from left to right"),
    (lambda own, slope, U: errors_from_the_right(own, slope, U)[::-1], "the wrong way round"),
    (lambda own, slope, U: [
        s * d for s, d in zip(slope, errors_from_the_right(own, slope, U), strict=True)],
     "the error inside the tanh"),
]


# --- the second pass ----------------------------------------------------------------------------


def second_by_hand(x, h, d_z, U, V):
    B, T, D = x.shape
    dW, dU, db = torch.zeros(len(U), D), torch.zeros(len(U), len(U)), torch.zeros(len(U))
    dV, future = torch.zeros(V.shape), torch.zeros(B, len(U))
    for t in range(T, 0, -1):
        d_h = d_z[:, t - 1] @ V + future
        d_a = (1 - h[:, t] ** 2) * d_h
        dW += d_a.T @ x[:, t - 1]
        dU += d_a.T @ h[:, t - 1]
        db += d_a.sum(0)
        dV += d_z[:, t - 1].T @ h[:, t]
        future = d_a @ U
    return dW, dU, db, dV


def second_row_by_row(x, h, d_z, U, V):
    """Another way: every sequence alone, with outer products as for one sentence."""
    total = [0, 0, 0, 0]
    for x_b, h_b, d_b in zip(x, h, d_z, strict=True):
        future = torch.zeros(len(U))
        for t in range(len(x_b), 0, -1):
            d_a = (1 - h_b[t] ** 2) * (V.T @ d_b[t - 1] + future)
            step = (torch.outer(d_a, x_b[t - 1]), torch.outer(d_a, h_b[t - 1]), d_a,
                    torch.outer(d_b[t - 1], h_b[t]))
            total = [a + b for a, b in zip(total, step, strict=True)]
            future = U.T @ d_a
    return tuple(total)


def second_wrong(**parts):
    """The second pass with some of its lines replaced."""
    rule = {"future": lambda d_h, d_a, U: d_a @ U, "slope": lambda h, t: 1 - h[:, t] ** 2,
            "old": lambda h, t: h[:, t - 1], "new": lambda h, t: h[:, t],
            "add": lambda total, new: total + new, "b": lambda d_a: d_a.sum(0)} | parts

    def second_pass(x, h, d_z, U, V):
        dW = dU = db = dV = torch.zeros(())
        future = torch.zeros(len(x), len(U))
        for t in range(x.shape[1], 0, -1):
            d_h = d_z[:, t - 1] @ V + future
            d_a = rule["slope"](h, t) * d_h
            dW = rule["add"](dW, d_a.T @ x[:, t - 1])
            dU = rule["add"](dU, d_a.T @ rule["old"](h, t))
            db = rule["add"](db, rule["b"](d_a))
            dV = rule["add"](dV, d_z[:, t - 1].T @ rule["new"](h, t))
            future = rule["future"](d_h, d_a, U)
        return dW, dU, db, dV
    return second_pass


def second_patched(patch):
    """The right gradients and the overwritten ones, put together by `patch`."""
    overwritten = second_wrong(add=lambda total, new: new)
    return lambda *given: patch(given, second_by_hand(*given), overwritten(*given))


def second_from_the_left(x, h, d_z, U, V):
    past, d_a = torch.zeros(len(x), len(U)), []
    for t in range(1, x.shape[1] + 1):
        d_a.append((1 - h[:, t] ** 2) * (d_z[:, t - 1] @ V + past))
        past = d_a[-1] @ U
    a = torch.stack(d_a, 1).flatten(0, 1)
    dV = d_z.flatten(0, 1).T @ h[:, 1:].flatten(0, 1)
    return a.T @ x.flatten(0, 1), a.T @ h[:, :-1].flatten(0, 1), a.sum(0), dV


SECOND_RIGHT = [second_by_hand, second_row_by_row]
SECOND_WRONG = [
    (second_wrong(future=lambda d_h, d_a, U: 0 * d_h), "the error from the future is missing"),
    (second_wrong(slope=lambda h, t: 1.0), "the derivative of tanh is missing"),
    (second_wrong(slope=lambda h, t: 1 - torch.tanh(h[:, t]) ** 2), "h is already tanh(a)"),
    (second_wrong(slope=lambda h, t: 1 - h[:, t - 1] ** 2), "belongs to the wrong step"),
    (second_wrong(future=lambda d_h, d_a, U: d_a @ U.T), "U is not transposed"),
    (second_wrong(future=lambda d_h, d_a, U: d_h @ U), "past the tanh"),
    (second_wrong(add=lambda total, new: new), "overwritten"),
    (second_wrong(old=lambda h, t: h[:, t]), "dU uses the new state"),
    (second_wrong(b=lambda d_a: 0 * d_a.sum(0)), "b is forgotten"),
    (second_wrong(new=lambda h, t: h[:, t - 1]), "dV uses h_(t-1)"),
    (lambda *given: tuple(g / len(given[0]) for g in second_by_hand(*given)),
     "mean over the batch:"),
    (lambda *given: tuple(g / given[0].shape[1] for g in second_by_hand(*given)),
     "a mean over the steps"),
    (lambda *given: tuple(g / given[0][..., 0].numel() for g in second_by_hand(*given)),
     "a mean over the batch and the steps"),
    (second_patched(lambda given, found, wrong: (*wrong[:3], found[3])), "dW, dU and db are overw"),
    (second_patched(lambda given, found, wrong: (wrong[0], *found[1:])), "dW is overwritten"),
    (second_patched(lambda given, found, wrong: (found[0], found[1].T, *found[2:])),
     "dU is transposed"),
    (second_patched(lambda given, found, wrong: (found[1], found[0], *found[2:])), "are swapped"),
    (second_patched(lambda given, found, wrong: (*found[:3], given[2][:, -1].T @ given[1][:, -1])),
     "dV is that of the last step alone"),
    (second_from_the_left, "from left to right"),
]


# --- segments -----------------------------------------------------------------------------------


def segments_by_autograd(x, U, k):
    U = U.clone().requires_grad_()
    h = torch.zeros(len(U))
    for s in range(0, len(x), k):
        h = h.detach()
        loss = 0
        for x_t in x[s:s + k]:
            h = torch.tanh(x_t + U @ h)
            loss = loss + (h ** 2).sum() / 2
        loss.backward()
    return U.grad


def segments_by_hand(x, U, k):
    dU, h = torch.zeros_like(U), [torch.zeros(len(U))]
    for x_t in x:
        h.append(torch.tanh(x_t + U @ h[-1]))
    future = torch.zeros(len(U))
    for t in range(len(x), 0, -1):
        d_a = (1 - h[t] ** 2) * (h[t] + future)
        dU += torch.outer(d_a, h[t - 1])
        future = U.T @ d_a if (t - 1) % k else torch.zeros(len(U))
    return dU


def segments_wrong(start=lambda h: h.detach(), inside=lambda h: h, keep=False, forget=False):
    def segment_gradient(x, U, k):
        U = U.clone().requires_grad_()
        h = torch.zeros(len(U))
        for s in range(0, len(x), k):
            h, loss = start(h), 0
            if forget:
                U.grad = None
            for x_t in x[s:s + k]:
                h = torch.tanh(x_t + U @ inside(h))
                loss = loss + (h ** 2).sum() / 2
            loss.backward(retain_graph=keep)
        return U.grad
    return segment_gradient


def segments_moving(x, U, k):
    """Full gradients of each loss over its last k steps alone."""
    total, states = torch.zeros_like(U), [torch.zeros(len(U))]
    for x_t in x:
        states.append(torch.tanh(x_t + U @ states[-1]))
    for t in range(len(x), 0, -1):
        d_h = states[t]
        for s in range(t, max(t - k, 0), -1):
            d_a = (1 - states[s] ** 2) * d_h
            total += torch.outer(d_a, states[s - 1])
            d_h = U.T @ d_a
    return total


SEGMENTS_RIGHT = [segments_by_autograd, segments_by_hand]
SEGMENTS_WRONG = [
    (segments_wrong(start=lambda h: h), "not detached"),
    (segments_wrong(start=torch.zeros_like), "never carried"),
    (segments_wrong(start=lambda h: h, keep=True), "the error crosses the cut"),
    (segments_wrong(inside=lambda h: h.detach()), "detached at every step"),
    (segments_wrong(forget=True), "thrown away"),
    (lambda x, U, k: segments_by_autograd(x[:len(x) // k * k], U, k), "the last segment is left"),
    (segments_moving, "a window that moves along with t"),
    (lambda x, U, k: segments_by_hand(x, U, k) / len(x), "a mean over the steps"),
    (lambda x, U, k: segments_by_hand(x, U, k) / k, "a mean over each segment"),
    (lambda x, U, k: segments_by_autograd(x, U, -(-len(x) // k)), "the sizes are swapped"),
]


# --- reach --------------------------------------------------------------------------------------


def reach_counted(t, k):
    first = 1
    while first + k <= t:
        first += k
    return t - first


REACH_RIGHT = [lambda t, k: (t - 1) % k, reach_counted]
REACH_WRONG = [
    (lambda t, k: k - 1, "a window that moves along with t"),
    (lambda t, k: t - 1 if t < k else k - 1, "a window that moves along with t"),
    (lambda t, k: (t - 1) % k + 1, "the state h_t itself is counted"),
    (lambda t, k: t % k, "counted from 1"),
    (lambda t, k: (t - 1) // k * k, "the steps before the segment"),
    (lambda t, k: (t - 1) // k, "the number of the segment"),
    (lambda t, k: t - 1, "no cut at all"),
]


# --- embedding ----------------------------------------------------------------------------------


def embedding_by_loop(d_a, W, ids, size):
    dE = torch.zeros(size, W.shape[1])
    for t, symbol in enumerate(ids):
        dE[symbol] += W.T @ d_a[t]
    return dE


def embedding_by_one_hot(d_a, W, ids, size):
    return torch.nn.functional.one_hot(ids, size).float().T @ d_a @ W


def embedding_written(d_a, W, ids, size):
    dE = torch.zeros(size, W.shape[1])
    dE[ids] += d_a @ W
    return dE


def embedding_mean(d_a, W, ids, size):
    often = torch.tensor([max(1, ids.tolist().count(n)) for n in range(size)])
    return embedding_by_loop(d_a, W, ids, size) / often[:, None]


EMBEDDING_RIGHT = [embedding_by_loop, embedding_by_one_hot]
EMBEDDING_WRONG = [
    (embedding_written, "counted once"),
    (embedding_mean, "a mean over the steps"),
    (lambda d_a, W, ids, size: embedding_by_loop(d_a, W.T, ids, size), "W is transposed"),
    (lambda d_a, W, ids, size: embedding_by_loop(d_a, torch.eye(d_a.shape[1]), ids, size),
     "W is missing"),
    (lambda d_a, W, ids, size: d_a @ W, "one row per step"),
]
