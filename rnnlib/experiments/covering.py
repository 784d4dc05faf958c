"""Is what attention looks at the reason for what is written?  Three tests on the shipped models.

A word of the source can be covered, so that no attention gets there, or left out, so that nobody
ever reads it.  What covering does, what leaving out does, and whether two models that write the
same look at the same: `changes`, `leaders`, `agreement`; and what a state knows of its
neighbours: `borrowed`, `at_odds`.
"""

import itertools
import random

import torch

from ..datasets.grammar_phrases import lexicon
from ..models import cover
from . import word_links


def covered(translator, text: str, before: list) -> torch.Tensor:
    """log p(next word) with each of the S words of a text covered in turn: (S, T, words)."""
    x, lengths = translator.source(text)
    S = x.shape[1]
    state = translator.model.start(x.expand(S, -1), lengths.expand(S))
    return followed(translator, cover(state, torch.eye(S, dtype=torch.bool)), before)


def left_out(translator, text: str, before: list) -> torch.Tensor:
    """log p(next word) with each of the S words of a text left out in turn: (S, T, words)."""
    x, _ = translator.source(text)
    S = x.shape[1]
    shorter = torch.stack([torch.cat([x[0, :j], x[0, j + 1 :]]) for j in range(S)])
    return followed(translator, translator.model.start(shorter), before)


@torch.no_grad()
def followed(translator, state, before: list) -> torch.Tensor:
    """log p(next word) after each of the ids `before`, from a state of B sources: (B, T, words)."""
    B = len(state[-1].real)
    s, _ = translator.model.read(torch.tensor([before]).expand(B, -1), state)
    return translator.model.output(s).log_softmax(2)


def looked(translator, text: str) -> tuple:
    """What is written for a text: (ids (T,), ids before each, weights (T, S)), no end marker."""
    answer = translator.answer(text)
    T = len(answer.ids)
    before = [translator.corpus.targets.bos, *answer.ids][:T]
    return torch.tensor(answer.ids), before, answer.weights[:T]


def changes(translator, texts, how=covered, seed: int = 0) -> dict[str, float]:
    """How often the written word is no longer the likeliest, in percent of all written words.

    Args:
        how: `covered` or `left_out`, what happens to one word of the source.

    Returns:
        dict "most": done to the word looked at most; "other": to any other word, drawn by lot.
    """
    rng, counts = random.Random(seed), {"most": 0, "other": 0, "words": 0}
    for text in texts:
        ids, before, weights = looked(translator, text)
        changed = how(translator, text, before).argmax(2) != ids  # (S, T)
        for t, most in enumerate(weights.argmax(1).tolist()):
            others = [j for j in range(len(changed)) if j != most]
            counts["most"] += changed[most, t].item()
            counts["other"] += changed[rng.choice(others), t].item()
            counts["words"] += 1
    return {name: 100 * counts[name] / counts["words"] for name in ("most", "other")}


def leaders(translator, texts) -> dict[str, float]:
    """How often the word looked at most is the one whose loss hurts most, in percent.

    Loss is measured by the probability of the written word; "covered" and "left out" are the two
    ways of losing a word.
    """
    same, words = {"covered": 0, "left out": 0}, 0
    for text in texts:
        ids, before, weights = looked(translator, text)
        words += len(ids)
        for name, how in (("covered", covered), ("left out", left_out)):
            p = how(translator, text, before)[:, range(len(ids)), ids]  # (S, T)
            same[name] += (p.argmin(0) == weights.argmax(1)).sum().item()
    return {name: 100 * count / words for name, count in same.items()}


def agreement(one, other, texts) -> dict[str, float]:
    """Where two models look while they write the same text, in percent.

    Returns:
        dict "texts": share of texts for which both write the same; of their words, "same": share
        with the same word looked at most; "moved": weight that lies elsewhere, on average.
    """
    both, same, moved, words = 0, 0, 0.0, 0
    for text in texts:
        (ids, _, a), (others, _, b) = looked(one, text), looked(other, text)
        if ids.tolist() == others.tolist():
            both, words = both + 1, words + len(ids)
            same += (a.argmax(1) == b.argmax(1)).sum().item()
            moved += ((a - b).abs().sum(1) / 2).sum().item()
    return {"texts": 100 * both / len(texts), "same": 100 * same / words,
            "moved": 100 * moved / words}


def borrowed(translator, count: int = 60, seed: int = 0) -> dict[str, float]:
    """An adjective takes its ending from the noun: does attention go there?  In percent.

    "the white NOUN fell" with a masculine and a feminine thing.

    Returns:
        dict "follows": adjectives whose ending is that of both nouns in turn; "noun": weight on the
        noun while the adjective is written; "adjective": weight on the adjective.
    """
    found, follows = [], 0
    for adjective, *nouns in twin_phrases(count, seed):
        hits = [adjective_step(translator, adjective, noun, form)
                for form, noun in enumerate(nouns)]
        follows += all(hits)
        found += [answer.weights[t][1:3].tolist() for answer, t in filter(None, hits)]
    weights = torch.tensor(found).mean(0).tolist()
    return {"follows": 100 * follows / count, "adjective": 100 * weights[0],
            "noun": 100 * weights[1]}


def at_odds(translator, count: int = 60, seed: int = 0) -> dict[str, float]:
    """Whose gender does an adjective take when the noun written is not that of the source?

    The source is "the white box fell"; the decoder has read what it writes for "the white hat
    fell", up to the adjective; and the other way round.  In percent of such cases.

    Returns:
        dict "written": the ending of the noun written is likeliest; "source": that of the source's;
        "neither": another word is.
    """
    counts = {"written": 0, "source": 0, "neither": 0}
    for adjective, *nouns in twin_phrases(count, seed):
        hits = [adjective_step(translator, adjective, noun, form)
                for form, noun in enumerate(nouns)]
        if all(hits):
            for noun, (answer, t) in zip(nouns[::-1], hits, strict=True):
                likeliest = after(translator, f"the {adjective} {noun} fell", answer.ids[:t])
                forms = {answer.ids[t]: "written", other_form(hits, answer): "source"}
                counts[forms.get(likeliest, "neither")] += 1
    return {name: 100 * number / sum(counts.values()) for name, number in counts.items()}


def other_form(hits, answer) -> int:
    """The adjective's id in the one of two hits that is not this answer."""
    return next(one.ids[t] for one, t in hits if one is not answer)


def after(translator, text: str, ids) -> int:
    """The likeliest next word for a text, after these words of a translation."""
    before = [translator.corpus.targets.bos, *ids]
    return translator.next_words(text, before)[-1].argmax().item()


def twin_phrases(count: int, seed: int) -> list:
    """Triples by lot: adjective, masculine thing, feminine thing."""
    things = lexicon()["nouns"]["thing"]
    triples = list(itertools.product(two_forms(), *(things[gender] for gender in "mf")))
    return random.Random(seed).sample(triples, count)


def two_forms() -> list[str]:
    """English adjectives for things with a masculine and a feminine form in Spanish."""
    groups = lexicon()["adjectives"]
    every = {**groups["any"], **groups["colour"], **groups["thing"]}
    return [word for word, forms in every.items() if forms[0] != forms[1]]


def adjective_step(translator, adjective: str, noun: str, form: int):
    """The answer and the step at which the adjective's right form is written, or None."""
    groups = lexicon()["adjectives"]
    wanted = next(groups[g][adjective][form] for g in ("any", "colour", "thing")
                  if adjective in groups[g])
    answer = translator.answer(f"the {adjective} {noun} fell")
    words = translator.words(answer)
    return (answer, words.index(wanted)) if wanted in words else None


def crossed(translator, pairs) -> dict[str, float]:
    """Nouns, adjectives and verbs whose English word is looked at most, in percent.

    Of the right answers to pairs, all links of word_links ("links") and those that cross another
    one ("crossing"), with their numbers.
    """
    hits = {"links": [], "crossing": []}
    for english, spanish in pairs:
        answer = translator.answer(english)
        if translator.words(answer) == spanish.split():
            found = word_links.links(english, spanish)
            crossing = set(itertools.chain(*word_links.crossings(found)))
            for t, j in found.items():
                hit = answer.weights[t].argmax().item() == j
                hits["links"].append(hit)
                hits["crossing"] += [hit] if t in crossing else []
    return {name: 100 * sum(one) / len(one) for name, one in hits.items()} | {
        "counted": len(hits["links"]), "counted crossing": len(hits["crossing"])}
