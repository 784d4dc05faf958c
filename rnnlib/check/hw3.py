"""The checks of homework 3: a language model, perplexity, tying."""

from .exercise import Exercise
from .hw3_counts import adjusted_cases, adjusted_hidden, bigram_cases, bigram_hidden
from .hw3_epoch import epoch_cases, epoch_hidden
from .hw3_inside import taught
from .hw3_perplexity import perplexity_cases, perplexity_hidden
from .hw3_segments import segment_cases, segment_hidden
from .hw3_tying import tying_cases, tying_hidden

CLOSED = ("batches", "metrics", "models", "objectives", "train", "experiments")
"""Modules of rnnlib that would solve the exercises."""

bigrams = Exercise("bigrams", points=14, minutes=30, cases=bigram_cases, hidden=bigram_hidden)
perplexity = Exercise("perplexity", points=18, minutes=35, cases=perplexity_cases,
                      hidden=perplexity_hidden)
adjusted = Exercise("adjusted", points=8, minutes=15, cases=adjusted_cases,
                    hidden=adjusted_hidden)
segments = Exercise("segments", points=14, minutes=30, cases=segment_cases, hidden=segment_hidden)
epoch = Exercise("epoch", points=14, minutes=30, cases=epoch_cases, hidden=epoch_hidden,
                 through=taught)
tied_back = Exercise(
    "tied_back", points=16, minutes=35, cases=tying_cases, hidden=tying_hidden,
    look_for=(("backward", "uses autograd: the exercise asks for it by hand"),
              ("autograd", "uses autograd: the exercise asks for it by hand")))
