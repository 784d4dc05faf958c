"""Answers to exercise 3 of homework 1: two right ones, and wrong ones with their message."""

import torch


def with_a_mask(x, lengths, h0, W, U, b):
    h, states, last = h0, [], h0
    for t in range(x.shape[1]):
        going = (t < lengths)[:, None]
        h = torch.tanh(x[:, t] @ W.T + h @ U.T + b)
        last = torch.where(going, h, last)
        states.append(h * going)
    return torch.stack(states, 1), last


def sentence_by_sentence(x, lengths, h0, W, U, b):
    all_states = torch.zeros(*x.shape[:2], len(U), dtype=x.dtype)
    last = []
    for n in range(len(x)):
        h = h0[n]
        for t in range(int(lengths[n])):
            h = torch.tanh(W @ x[n, t] + U @ h + b)
            all_states[n, t] = h
        last.append(h)
    return all_states, torch.stack(last)


def concatenated(x, lengths, h0, W, U, b):
    both, h, states = torch.cat([W, U], 1), h0, []
    for x_t in x.unbind(1):
        h = torch.tanh(torch.cat([x_t, h], 1) @ both.T + b)
        states.append(h)
    states = torch.stack(states, 1)
    last = states[torch.arange(len(x)), lengths - 1]
    return states * (torch.arange(x.shape[1]) < lengths[:, None]).unsqueeze(-1), last


def tanh_step(x, h, W, U, b):
    return torch.tanh(x @ W.T + h @ U.T + b)


def everything(x, h0, weights, step=tanh_step, go_on=lambda h0, h: h):
    """The states of all steps (B, T, H), padding included."""
    given, states = h0, []
    for t in range(x.shape[1]):
        states.append(step(x[:, t], given, *weights))
        given = go_on(h0, states[-1])
    return torch.stack(states, dim=1)


def blank(h, lengths):
    h = h.clone()
    for row, length in zip(h, lengths):
        row[length:] = 0
    return h


def at(h, places):
    return torch.stack([row[place] for row, place in zip(h, places)])


def wrong(step=tanh_step, go_on=lambda h0, h: h, start=lambda h0: h0):
    """A forward pass with one part replaced."""
    def forward(x, lengths, h0, W, U, b):
        h = everything(x, start(h0), (W, U, b), step, go_on)
        return blank(h, lengths), at(h, lengths - 1)
    return forward


def ending(end):
    """A forward pass that ends in another way; `end` takes all states and the lengths."""
    return lambda x, lengths, h0, W, U, b: end(everything(x, h0, (W, U, b)), lengths, h0)


def carried(x, lengths, h0, W, U, b):
    states, last, h = [], [], h0[0]
    for row, length in zip(x, lengths):
        mine = []
        for x_t in row[:length]:
            h = torch.tanh(W @ x_t + U @ h + b)
            mine.append(h)
        states.append(torch.nn.functional.pad(torch.stack(mine), (0, 0, 0, len(row) - length)))
        last.append(h)
    return torch.stack(states), torch.stack(last)


def backwards(x, lengths, h0, W, U, b):
    x = torch.stack([torch.cat([row[:n].flip(0), row[n:]]) for row, n in zip(x, lengths)])
    return with_a_mask(x, lengths, h0, W, U, b)


def repeated_last(h, lengths, h0):
    h = torch.stack([torch.cat([row[:n], row[n - 1 : n].expand(len(row) - n, -1)])
                     for row, n in zip(h, lengths)])
    return h, h[:, -1]


def blank_padding(x, lengths, h0, W, U, b):
    states, h = [], h0
    for t, x_t in enumerate(x.unbind(1)):
        h = torch.tanh((x_t * (t < lengths)[:, None]) @ W.T + h @ U.T + b)
        states.append(h)
    return torch.stack(states, 1), h


RIGHT = [with_a_mask, sentence_by_sentence, concatenated]
WRONG = [
    (ending(lambda h, n, h0: (blank(h, n), h[:, -1])), "the last state is that of the padding:"),
    (ending(lambda h, n, h0: (h, h[:, -1])), "padding, and the states after the end are not 0"),
    (ending(lambda h, n, h0: (blank(h, n), blank(h, n)[:, -1])), "after the padding was set to 0"),
    (ending(lambda h, n, h0: (h, at(h, n - 1))), "the states after the end are not 0: nothing"),
    (blank_padding, "the padding is set to 0 and then read"),
    (ending(lambda h, n, h0: (blank(h, n), h[:, torch.as_tensor(n) - 1])),
     "takes all the lengths in every row"),
    (ending(repeated_last), "the last state is repeated"),
    (ending(lambda h, n, h0: (blank(h, n), at(torch.cat([h0[:, None], h], 1), n - 1))),
     "one step too early"),
    (ending(lambda h, n, h0: (blank(h, n), at(h, n.clamp(max=h.shape[1] - 1)))),
     "one step too late"),
    (ending(lambda h, n, h0: (blank(h, n + 1), at(h, n - 1))), "one step of padding is kept"),
    (ending(lambda h, n, h0: (blank(h, n), at(h, [min(n) - 1] * len(n)))),
     "all sentences end where the shortest does"),
    (wrong(go_on=lambda h0, h: h0), "h_0 is used at every step"),
    (wrong(go_on=lambda h0, h: 0 * h), "at the first step and never again"),
    (wrong(start=lambda h0: torch.zeros_like(h0)), "set to zeros at the start"),
    (carried, "the last state of the one before"),
    (wrong(go_on=lambda h0, h: h.mean(0).repeat(len(h), 1)), "all sentences share one state"),
    (backwards, "read from their end"),
    (ending(lambda h, n, h0: (torch.cat([h0[:, None], blank(h, n)], 1), at(h, n - 1))),
     "h_0 is among the states"),
    (ending(lambda h, n, h0: (blank(h, n).permute(1, 0, 2), at(h, n - 1))), "the first axis"),
    (ending(lambda h, n, h0: (at(h, n - 1), blank(h, n))), "the two values are swapped"),
    (wrong(lambda x, h, W, U, b: x @ W.T + h @ U.T + b), "no g: without tanh"),
    (wrong(lambda x, h, W, U, b: torch.tanh(x @ W.T + h @ U.T)), "the bias is missing"),
    (wrong(lambda x, h, W, U, b: torch.tanh(x @ W.T + h @ U + b)), "U is transposed"),
    (wrong(lambda x, h, W, U, b: torch.tanh(x @ W.T + b)), "the old state is not used"),
    (wrong(lambda x, h, W, U, b: torch.tanh(torch.cat([h, x], 1) @ torch.cat([W, U], 1).T + b)),
     "concatenated in two different orders"),
]
