"""Right and wrong answers to the exercise of notebook 00, for the tests alone."""


def zipped(text):
    return list(zip(text, text[1:]))


def counted(text):
    pairs = []
    for t in range(1, len(text)):
        pairs.append((text[t - 1], text[t]))
    return pairs


RIGHT = [zipped, counted]

WRONG = [
    (lambda text: [(a, a) for a in text], "with itself"),
    (lambda text: [(text[t], text[t - 1]) for t in range(1, len(text))], "look back"),
    (lambda text: [(text[t], text[(t + 1) % len(text)]) for t in range(len(text))], "not a circle"),
    (lambda text: list(zip(text, text[1:]))[:-1], "the last pair is missing"),
    (lambda text: list(zip(text[::2], text[1::2])), "every second pair"),
    (lambda text: list({pair: 0 for pair in zip(text, text[1:])}), "left out"),
    (lambda text: sorted(zip(text, text[1:])), "sorted"),
]
