"""The checks of notebook 15: a picture into a vector, the vector as the first input, the loss of
captions of different lengths, pairs that are said and not there."""

from collections import Counter

import torch

from .core import Case, examine

__all__ = ["encode", "first_input", "caption_loss", "invented"]


def drawn(*shape, seed):
    """A tensor of these sizes, always the same."""
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed))


# --- a picture into a vector --------------------------------------------------------------------


def encoded(flat=lambda x: x.flatten(1), squash=torch.relu, last=lambda c: c, bias=(1, 1)):
    """Two feed-forward layers over pixels, with the order of the pixels, the squashing of the first
    and of the second layer and the biases to choose."""
    def function(pixels, W1, b1, W2, b2):
        h = squash(flat(pixels) @ W1.T + bias[0] * b1)
        return last(h @ W2.T + bias[1] * b2)
    return function


right_encode = encoded()


def over_the_batch(pixels, W1, b1, W2, b2):
    """One long row of all pictures, cut to what the matrix reads."""
    return right_encode(pixels, W1, b1, W2, b2)[0]


ENCODE_MISTAKES = [
    ("the batch is flattened too: pixels.flatten(1) keeps one row for each picture",
     over_the_batch),
    ("the rows are cut from the batch the wrong way: a row must hold the pixels of one picture",
     encoded(flat=lambda x: x.flatten(1).T.reshape(len(x), -1))),
    ("the colours come last, as in a picture file: the axes are (colour, row, column)",
     encoded(flat=lambda x: x.permute(0, 2, 3, 1).flatten(1))),
    ("rows and columns are swapped: the picture is flipped over its diagonal",
     encoded(flat=lambda x: x.mT.flatten(1))),
    ("the picture is upside down: row 0 is the upper one",
     encoded(flat=lambda x: x.flip(2).flatten(1))),
    ("the relu is missing: two matrices without it are one matrix", encoded(squash=lambda a: a)),
    ("tanh in place of relu", encoded(squash=torch.tanh)),
    ("relu after the second matrix too: the numbers of the vector may be negative",
     encoded(last=torch.relu)),
    ("a softmax at the end: the vector is no list of probabilities",
     encoded(last=lambda c: c.softmax(-1))),
    ("the first bias is missing", encoded(bias=(0, 1))),
    ("the second bias is missing", encoded(bias=(1, 0))),
    ("the mean over the batch is returned: each picture has a vector of its own",
     encoded(last=lambda c: c.mean(0))),
]

ENCODE_CASES = [
    Case(name, [(drawn(B, 3, high, wide, seed=n), drawn(H, 3 * high * wide, seed=n + 1),
                 drawn(H, seed=n + 2), drawn(C, H, seed=n + 3), drawn(C, seed=n + 4))],
         right_encode, ENCODE_MISTAKES)
    for name, B, high, wide, H, C, n in [("one picture of 2 by 2 pixels", 1, 2, 2, 3, 2, 3),
                                         ("three pictures of 2 by 2 pixels", 3, 2, 2, 4, 2, 20),
                                         ("four pictures of 4 by 4 pixels", 4, 4, 4, 6, 5, 30)]
]


def encode(function):
    """Report on `function(pixels (B, 3, h, w), W1, b1, W2, b2) -> (B, C)`."""
    return examine(function, ENCODE_CASES)


# --- the vector as the first input --------------------------------------------------------------


def row(c, E, words, bos, begin=1, order=lambda c, e: torch.cat([c[:, None], e], 1)):
    """The inputs of a decoder: the embeddings of the marker (if begin) and the words, with c."""
    marker = torch.full((len(words), begin), bos)
    return order(c, E[torch.cat([marker, words], 1)])


def right_first_input(c, E, words, bos):
    """What is expected: the vector, the begin marker, the words."""
    return row(c, E, words, bos)


FIRST_INPUT_MISTAKES = [
    ("the begin marker is forgotten: the vector comes before it, not in its place",
     lambda c, E, words, bos: row(c, E, words, bos, begin=0)),
    ("the vector is added to every input: it is read once, as the first one",
     lambda c, E, words, bos: row(c, E, words, bos, order=lambda c, e: e + c[:, None])),
    ("the vector stands beside every input: it is read once, as the first one",
     lambda c, E, words, bos: row(c, E, words, bos, order=lambda c, e: torch.cat(
         [e, c[:, None].expand(-1, e.shape[1], -1)], 2))),
    ("the vector is repeated before every word: it is read once, as the first one",
     lambda c, E, words, bos: row(c, E, words, bos, order=lambda c, e: torch.stack(
         [c[:, None].expand_as(e), e], 2).flatten(1, 2))),
    ("the vector comes after the begin marker: it is the very first input",
     lambda c, E, words, bos: row(c, E, words, bos, order=lambda c, e: torch.cat(
         [e[:, :1], c[:, None], e[:, 1:]], 1))),
    ("the vector comes last: then no word can know of it",
     lambda c, E, words, bos: row(c, E, words, bos, order=lambda c, e: torch.cat(
         [e, c[:, None]], 1))),
    ("the vector is missing: this is a language model",
     lambda c, E, words, bos: row(c, E, words, bos, order=lambda c, e: e)),
    ("the last word is left out: it is read too, the end is guessed after it",
     lambda c, E, words, bos: row(c, E, words[:, :-1], bos)),
    ("the batch and the steps are swapped: the result is (B, T + 2, D)",
     lambda c, E, words, bos: row(c, E, words, bos).transpose(0, 1)),
    ("all rows get the vector of the first picture",
     lambda c, E, words, bos: row(c[:1].expand_as(c), E, words, bos)),
]

FIRST_INPUT_CASES = [
    Case(name, [(drawn(B, D, seed=n), drawn(6, D, seed=n + 1), torch.tensor(words), bos)],
         right_first_input, FIRST_INPUT_MISTAKES)
    for name, B, D, words, bos, n in [
        ("one caption of two words", 1, 1, [[3, 5]], 0, 50),
        ("two captions of three words", 2, 2, [[2, 3, 4], [5, 4, 2]], 0, 60),
        ("a begin marker that is not number 0", 3, 4, [[1, 3], [4, 5], [0, 2]], 2, 70)]
]


def first_input(function):
    """Report on `function(c (B, D), E (V, D), words (B, T), bos) -> (B, T + 2, D)`."""
    return examine(function, FIRST_INPUT_CASES)


# --- the loss -----------------------------------------------------------------------------------


def each(log_probs, y):
    """The nats of each word: (B, T)."""
    return -log_probs.gather(2, y[..., None])[..., 0]


def right_caption_loss(log_probs, y, real):
    """What is expected: the mean nats over the real words of all captions."""
    return each(log_probs, y)[real].mean()


CAPTION_LOSS_MISTAKES = [
    ("padding is counted: only places where real is True are words",
     lambda log_probs, y, real: each(log_probs, y).mean()),
    ("padding is zero but still counted: divide by the number of real words",
     lambda log_probs, y, real: (each(log_probs, y) * real).mean()),
    ("only the padding is counted: real is True where there is a word",
     lambda log_probs, y, real: each(log_probs, y)[~real].mean()),
    ("the sum is returned: the mean over the words is asked for",
     lambda log_probs, y, real: each(log_probs, y)[real].sum()),
    ("each caption is averaged first: a word of a short caption then weighs more",
     lambda log_probs, y, real: ((each(log_probs, y) * real).sum(1) / real.sum(1)).mean()),
    ("the sum is divided by the number of captions: divide by the number of words",
     lambda log_probs, y, real: each(log_probs, y)[real].sum() / len(y)),
    ("the sign is wrong: a loss is the negative log-probability",
     lambda log_probs, y, real: -right_caption_loss(log_probs, y, real)),
    ("these are probabilities, not nats",
     lambda log_probs, y, real: (-each(log_probs, y)[real]).exp().mean()),
    ("the best word is taken, not the right one",
     lambda log_probs, y, real: -log_probs.max(2).values[real].mean()),
    ("bits, not nats: do not divide by log 2",
     lambda log_probs, y, real: right_caption_loss(log_probs, y, real) / 0.6931471805599453),
]

CAPTION_LOSS_CASES = [
    Case(name, [(drawn(B, T, 5, seed=n).log_softmax(2),
                 torch.randint(5, (B, T), generator=torch.Generator().manual_seed(n + 1)),
                 torch.arange(T) < torch.tensor(lengths)[:, None])],
         right_caption_loss, CAPTION_LOSS_MISTAKES)
    for name, B, T, lengths, n in [("a caption of two words and two of padding", 1, 4, [2], 80),
                                   ("two captions of different lengths", 2, 5, [5, 2], 90),
                                   ("three captions, one of a single word", 3, 6, [1, 6, 4], 95)]
]


def caption_loss(function):
    """Report on `function(log_probs (B, T, V), y (B, T), real (B, T)) -> mean nats`."""
    return examine(function, CAPTION_LOSS_CASES)


# --- pairs that are not there -------------------------------------------------------------------


def right_invented(there, said):
    """What is expected: what is said more often than it is there, sorted."""
    return sorted((Counter(said) - Counter(there)).elements())


def by_word(place):
    """As right_invented, but only one word of each pair is looked at."""
    def function(there, said):
        left = Counter(pair[place] for pair in there)
        found = []
        for pair in said:
            if left[pair[place]]:
                left[pair[place]] -= 1
            else:
                found.append(pair)
        return sorted(found)
    return function


INVENTED_MISTAKES = [
    ("this is what is there and not said: the question is what is said and not there",
     lambda there, said: right_invented(said, there)),
    ("sets forget how often: two red circles said and one there is one red circle too many",
     lambda there, said: sorted(set(said) - set(there))),
    ("each is counted once: a pair that was invented twice stands twice in the list",
     lambda there, said: sorted(set(right_invented(there, said)))),
    ("the pairs are compared place by place: the order in which things are named does not matter",
     lambda there, said: sorted(b for a, b in zip(there, said, strict=False) if a != b)),
    ("what is common to both is returned",
     lambda there, said: sorted((Counter(said) & Counter(there)).elements())),
    ("only the colours are compared: a pair is a colour with a shape", by_word(0)),
    ("only the shapes are compared: a pair is a colour with a shape", by_word(1)),
    ("both sides are returned: what is there and not said was not invented",
     lambda there, said: sorted(right_invented(there, said) + right_invented(said, there))),
    ("a pair counts as there if its words are somewhere in the picture: they must belong together",
     lambda there, said: sorted(p for p in said if p[0] not in {a for a, _ in there}
                                or p[1] not in {b for _, b in there})),
]


def things(text):
    """Pairs (colour, shape) from a line such as "red circle, blue square"."""
    return [tuple(pair.split()) for pair in text.split(", ") if pair]


INVENTED_CASES = [
    Case(name, [(things(there), things(said))], right_invented, INVENTED_MISTAKES)
    for name, there, said in [
        ("one thing, said wrong", "red triangle", "red circle"),
        ("the same things in another order", "red circle, blue square", "blue square, red circle"),
        ("one is said twice", "red circle, blue square", "red circle, red circle"),
        ("words that do not belong together", "red circle, blue square",
         "red square, blue circle"),
        ("one colour is there, one is not", "red circle, blue square", "red square, green circle"),
        ("three said, two there", "red circle, blue square",
         "red square, red square, green circle"),
        ("two of one kind invented", "green square, red circle",
         "yellow circle, yellow circle, red circle, red circle")]
]


def invented(function):
    """Report on `function(there, said) -> sorted list`, all of them pairs (colour, shape)."""
    return examine(function, INVENTED_CASES)
