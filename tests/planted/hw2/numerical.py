"""Answers to exercise 4 of homework 2: two right ones, and wrong ones with their message."""

import torch


def by_places(f, w, epsilon):
    found = torch.zeros_like(w)
    for place in range(w.numel()):
        up, down = w.clone(), w.clone()
        up.view(-1)[place] += epsilon
        down.view(-1)[place] -= epsilon
        found.view(-1)[place] = (f(up) - f(down)) / (2 * epsilon)
    return found


def put_back(f, w, epsilon):
    """Moves the numbers of a copy and puts each of them back."""
    w, slopes = w.clone(), []
    for place in range(w.numel()):
        kept = w.flatten()[place].item()
        values = []
        for moved in (kept + epsilon, kept - epsilon):
            w.view(-1)[place] = moved
            values.append(float(f(w)))
        w.view(-1)[place] = kept
        slopes.append((values[0] - values[1]) / 2 / epsilon)
    return torch.tensor(slopes, dtype=w.dtype).reshape(w.shape)


def with_slope(slope):
    """Finite differences with another slope, a function of f, w, a step and epsilon."""
    def numerical(f, w, epsilon):
        found = torch.zeros_like(w)
        for place in range(w.numel()):
            step = torch.zeros_like(w)
            step.view(-1)[place] = epsilon
            found.view(-1)[place] = slope(f, w, step, epsilon)
        return found
    return numerical


def all_at_once(f, w, epsilon):
    return torch.full_like(w, (f(w + epsilon) - f(w - epsilon)).item() / (2 * epsilon))


def never_back(f, w, epsilon):
    w, found = w.clone(), torch.zeros_like(w)
    for place in range(w.numel()):
        w.view(-1)[place] += epsilon
        high = f(w)
        w.view(-1)[place] -= 2 * epsilon
        found.view(-1)[place] = (high - f(w)) / (2 * epsilon)
    return found


def up_stays(f, w, epsilon):
    found, up = torch.zeros_like(w), w.clone()
    for place in range(w.numel()):
        down = up.clone()
        down.view(-1)[place] -= epsilon
        up.view(-1)[place] += epsilon
        found.view(-1)[place] = (f(up) - f(down)) / (2 * epsilon)
    return found




def by_share(f, w, epsilon):
    found = torch.zeros_like(w)
    for place in range(w.numel()):
        up, down = w.clone(), w.clone()
        up.view(-1)[place] *= 1 + epsilon
        down.view(-1)[place] *= 1 - epsilon
        found.view(-1)[place] = (f(up) - f(down)) / (up - down).flatten()[place]
    return found


def kept_as_view(f, w, epsilon):
    w, found = w.clone(), torch.zeros_like(w)
    for place in range(w.numel()):
        kept = w.view(-1)[place]
        w.view(-1)[place] = kept + epsilon
        up = f(w)
        w.view(-1)[place] = kept - epsilon
        down = f(w)
        w.view(-1)[place] = kept
        found.view(-1)[place] = (up - down) / (2 * epsilon)
    return found


def rows_alone(f, w, epsilon):
    found = torch.zeros_like(w)
    for row in range(len(w)):
        up, down = w.clone(), w.clone()
        up[row] += epsilon
        down[row] -= epsilon
        found[row] = (f(up) - f(down)) / (2 * epsilon)
    return found


RIGHT = [by_places, put_back]
WRONG = [
    (with_slope(lambda f, w, step, e: (f(w + step) - f(w)) / e), "one side only: L(w + epsilon)"),
    (with_slope(lambda f, w, step, e: (f(w) - f(w - step)) / e), "one side only: L(w) - L(w -"),
    (with_slope(lambda f, w, step, e: (f(w + step) - f(w - step)) / e), "twice too large"),
    (with_slope(lambda f, w, step, e: (f(w + step) - f(w - step)) / 2 * e), "it reads / 2 * eps"),
    (with_slope(lambda f, w, step, e: f(w + step) - f(w - step)), "not divided"),
    (with_slope(lambda f, w, step, e: (f(w + step / 2) - f(w - step / 2)) / e), "half a step"),
    (with_slope(lambda f, w, step, e: (f(w - step) - f(w + step)) / (2 * e)), "the sign is turned"),
    (all_at_once, "all numbers are moved at once"),
    (never_back, "a number stays below its place"),
    (up_stays, "a number stays where it was moved"),
    (kept_as_view, "is a view of w"),
    (rows_alone, "a whole row is moved at once"),
    (by_share, "epsilon is a share of the weight"),
    (lambda f, w, epsilon: by_places(f, w, epsilon).flatten(), "the shape of w is lost"),
]
