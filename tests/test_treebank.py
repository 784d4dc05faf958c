"""The hand-tagged treebank made for the course: its form, its tags, its splits."""

import hashlib
from collections import Counter, defaultdict

import conllu
import pytest

from rnnlib import DATA

TAGS = set("ADJ ADP ADV AUX CCONJ DET INTJ NOUN NUM PART PRON PROPN PUNCT SCONJ SYM VERB X".split())
TYPES = {"PER", "LOC", "ORG", "MISC"}
ALWAYS = {
    "ADP": "at during into towards",
    "AUX": "am does did should would could must shall 'll 'm 're",
    "CCONJ": "and or nor",
    "DET": "the an every",
    "PART": "not n't ' na",
    "PRON": "i you he she it we they me him us them my your his our their mine yours ours"
    " everyone nobody who whose",
    "PUNCT": '. , ? ! " ; :',
    "SCONJ": "if whether while unless although though",
    "SYM": "$ % £ € :)",
}
NEVER = {"be": "VERB", "is": "PART", "this": "SCONJ", "to": "ADV", "of": "PART", "will": "ADV"}


@pytest.fixture(scope="module")
def bank():
    return conllu.parse((DATA / "treebank.conllu").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def tags(bank):
    """How often each word, in small letters, bears each tag; foreign words left out."""
    seen = defaultdict(Counter)
    for token in (token for sentence in bank for token in sentence if token["upos"] != "X"):
        seen[token["form"].lower()][token["upos"]] += 1
    return seen


def misc(token):
    return token["misc"] or {}


def entity(token):
    return misc(token).get("Entity", "O")


def entities(sentence):
    """(type, text) of each entity, in order."""
    found = []
    for token in sentence:
        prefix, _, kind = entity(token).partition("-")
        if prefix == "B":
            found.append([kind, token["form"]])
        elif prefix == "I":
            found[-1][1] += " " + token["form"]
    return [tuple(pair) for pair in found]


def by_text(bank, text):
    found = [sentence for sentence in bank if sentence.metadata["text"] == text]
    assert len(found) == 1, text
    return found[0]


def tagged(sentence):
    return [(token["form"], token["upos"]) for token in sentence]


def test_there_are_enough_sentences_and_their_ids_are_in_order(bank):
    ids = [sentence.metadata["sent_id"] for sentence in bank]
    assert len(ids) >= 640
    assert ids == [f"rc-{number:04d}" for number in range(1, len(ids) + 1)]


def test_the_first_sentence_states_the_licence(bank):
    assert "CC BY 4.0" in bank[0].metadata["licence"]


def test_only_the_filled_columns_are_filled(bank):
    for sentence in bank:
        assert [token["id"] for token in sentence] == list(range(1, len(sentence) + 1))
        for token in sentence:
            empty = [token[column] for column in ("xpos", "feats", "head", "deps")]
            assert empty == [None] * 4 and token["lemma"] == token["deprel"] == "_"
            assert set(misc(token)) <= {"Entity", "SpaceAfter"}
            assert misc(token).get("SpaceAfter", "No") == "No"


def test_all_seventeen_tags_occur_and_no_other(bank):
    assert {token["upos"] for sentence in bank for token in sentence} == TAGS


def test_the_joined_forms_are_the_text(bank):
    for sentence in bank:
        spaces = [misc(token).get("SpaceAfter") != "No" for token in sentence[:-1]]
        joined = "".join(
            token["form"] + " " * space
            for token, space in zip(sentence, [*spaces, False], strict=True)
        )
        assert joined == sentence.metadata["text"]


def test_no_sentence_occurs_twice(bank):
    texts = Counter(sentence.metadata["text"].lower() for sentence in bank)
    assert texts.most_common(1)[0][1] == 1


def test_sentences_are_short_but_not_all_alike(bank):
    lengths = [len(sentence) for sentence in bank]
    assert 9.5 <= sum(lengths) / len(lengths) <= 11.5
    assert min(lengths) <= 2 and 20 <= max(lengths) <= 30
    assert len({sentence.metadata["genre"] for sentence in bank}) >= 20


def test_every_entity_begins_with_b_and_goes_on_with_i_of_its_type(bank):
    for sentence in bank:
        before = "O"
        for token in sentence:
            now = entity(token)
            assert now == "O" or now[:2] in ("B-", "I-") and now[2:] in TYPES, now
            if now.startswith("I-"):
                assert before[2:] == now[2:], sentence.metadata["text"]
            before = now


def test_there_are_entities_of_every_type(bank):
    kinds = Counter(kind for sentence in bank for kind, _ in entities(sentence))
    assert set(kinds) == TYPES
    assert sum(kinds.values()) >= 200 and min(kinds.values()) >= 20


def test_every_entity_holds_a_capital_letter(bank):
    for sentence in bank:
        assert all(any(map(str.isupper, text)) for _, text in entities(sentence))


def test_the_split_follows_from_the_name_by_its_hash(bank):
    for sentence in bank:
        name = sentence.metadata.get("pair", sentence.metadata["sent_id"])
        number = int(hashlib.sha256(name.encode()).hexdigest(), 16) % 10
        assert sentence.metadata["split"] == {0: "dev", 1: "test"}.get(number, "train")


def test_splits_are_about_eighty_ten_ten(bank):
    share = Counter(sentence.metadata["split"] for sentence in bank)
    assert set(share) == {"train", "dev", "test"}
    assert 0.75 <= share["train"] / len(bank) <= 0.85
    assert min(share.values()) >= 0.07 * len(bank)


def test_pairs_have_at_least_two_sentences_and_stay_in_one_split(bank):
    splits = defaultdict(list)
    for sentence in bank:
        if "pair" in sentence.metadata:
            splits[sentence.metadata["pair"]].append(sentence.metadata["split"])
    assert len(splits) >= 60
    assert all(len(found) >= 2 and len(set(found)) == 1 for found in splits.values())


def test_the_two_teddies_differ_from_the_word_after(bank):
    bears = by_text(bank, 'He said, "Teddy bears are on sale!"')
    roosevelt = by_text(bank, 'He said, "Teddy Roosevelt was a great President!"')
    assert tagged(bears)[:4] == tagged(roosevelt)[:4]
    assert [bears[4]["form"], roosevelt[4]["form"]] == ["Teddy", "Teddy"]
    assert [bears[4]["upos"], roosevelt[4]["upos"]] == ["NOUN", "PROPN"]
    assert entities(bears) == [] and entities(roosevelt) == [("PER", "Teddy Roosevelt")]
    assert [entity(token) for token in roosevelt[4:6]] == ["B-PER", "I-PER"]
    assert bears.metadata["split"] == roosevelt.metadata["split"]


def test_teddy_is_met_in_training_both_ways(bank):
    train = [sentence for sentence in bank if sentence.metadata["split"] == "train"]
    seen = Counter(
        (token["upos"], entity(token)[:1])
        for sentence in train
        for token in sentence
        if token["form"].lower() == "teddy"
    )
    assert seen["NOUN", "O"] >= 3 and seen["PROPN", "B"] >= 3


@pytest.mark.parametrize(
    ("first", "second", "kinds"),
    [
        ("Apple pie tastes best warm.", "Apple was founded in 1976.", "- ORG"),
        ("Will you carry this box upstairs?", "Will carried the box upstairs.", "- PER"),
        ("Jordan lies north of Saudi Arabia.", "Jordan lies about his age.", "LOC PER"),
        ("Turkey soup is on the menu again.", "Turkey borders the Black Sea.", "- LOC"),
        ("May was warm and dry this year.", "May was late for her own party.", "- PER"),
    ],
)
def test_pairs_begin_alike_and_part_by_what_follows(bank, first, second, kinds):
    one, two = by_text(bank, first), by_text(bank, second)
    assert one[0]["form"] == two[0]["form"]
    assert [entity(token)[2:] or "-" for token in (one[0], two[0])] == kinds.split()


@pytest.mark.parametrize("tag", sorted(ALWAYS))
def test_closed_classes_bear_their_tag_always(tags, tag):
    for word in ALWAYS[tag].split():
        assert set(tags[word]) == {tag}, word


def test_words_never_bear_a_tag_that_is_not_theirs(tags):
    for word, tag in NEVER.items():
        assert tags[word] and not tags[word][tag], word


def test_to_before_a_plain_verb_is_a_particle(bank):
    plain = {"be", "see", "write", "hear", "explain", "leave", "learn", "cross", "visit", "ask"}
    for sentence in bank:
        for token, after in zip(sentence, sentence[1:], strict=False):
            if token["form"].lower() == "to" and after["form"] in plain:
                assert token["upos"] == "PART", sentence.metadata["text"]


def test_contractions_are_split(bank):
    for sentence in bank:
        for token in sentence:
            form = token["form"].lower()
            assert form == "n't" or not form.endswith("n't"), sentence.metadata["text"]
            assert "'" not in form[1:] or form == "n't", sentence.metadata["text"]


def test_be_after_the_there_that_names_no_place_is_a_verb(bank):
    found = 0
    for sentence in bank:
        for place, token in enumerate(sentence):
            if (token["form"].lower(), token["upos"]) == ("there", "PRON"):
                near = sentence[max(0, place - 1) : place + 3]
                assert "VERB" in [other["upos"] for other in near], sentence.metadata["text"]
                found += 1
    assert found >= 10


def test_is_and_was_after_he_she_it_are_auxiliaries(bank):
    for sentence in bank:
        for token, after in zip(sentence, sentence[1:], strict=False):
            if token["form"].lower() in ("he", "she", "it") and after["form"] in ("is", "was"):
                assert after["upos"] == "AUX", sentence.metadata["text"]


def test_have_with_an_object_is_a_verb(bank):
    for sentence in bank:
        for token, after in zip(sentence, sentence[1:], strict=False):
            if token["form"].lower() in ("have", "has", "had") and after["upos"] in ("DET", "NUM"):
                assert token["upos"] == "VERB", sentence.metadata["text"]


def test_there_are_many_words_and_many_ambiguous_ones(tags):
    words = [word for word in tags if any(map(str.isalpha, word))]
    assert len(words) >= 1900
    assert sum(len(tags[word]) > 1 for word in words) >= 150
    for word in "that back round well like present down light fast".split():
        assert len(tags[word]) >= 3, word
    assert set(tags["may"]) == {"AUX", "PROPN"} and set(tags["her"]) == {"PRON"}
