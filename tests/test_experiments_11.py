"""The experiments of notebook 11 on small texts: what is read, what is counted, what decides."""
import dataclasses
import math

import pytest
import torch

from rnnlib import models
from rnnlib.batches_labeled import Examples
from rnnlib.crf import NONE
from rnnlib.experiments import (
    labelers,
    letter_taggers,
    name_origins,
    tag_figures,
    unknown_words,
    vocabulary_sizes,
    with_tags,
)
from rnnlib.experiments.unknown_words import Picked, Recipe

ENDINGS = {"ADV": "ly", "VERB": "ed", "NOUN": "er"}
STEMS = [onset + rest for rest in ("ow", "ick", "arm", "oft") for onset in "sl qu w h m cl".split()]
OUT = ("slick", "moft")


def small_data():
    """Sentences of one word and a stop; the ending of the word says its tag."""
    pairs = [(stem, [([stem + ending, "."], [tag, "PUNCT"]) for tag, ending in ENDINGS.items()])
             for stem in STEMS]
    rows, held = ([row for stem, rows in pairs for row in rows if (stem in OUT) == out]
                  for out in (False, True))
    kind = dataclasses.make_dataclass("D", ["name", "sha256", "train", "valid", "test"])
    return kind("small", "0", rows, held, held)


@pytest.fixture(scope="module")
def task():
    return labelers.Task.of(small_data())


def recipe(**other):
    small = {"D": 8, "D_letter": 8, "H_letter": 12, "H": 8, "updates": 100, "tokens": 40,
             "lr": 1e-2, "dropout": 0.1}
    return Recipe(**small | other)


# ---- K18 ----


@pytest.mark.parametrize("name", unknown_words.PARTS)
def test_what_is_read_decides_whether_an_unknown_word_can_be_tagged(task, name):
    tagger, numbers, _ = unknown_words.trained(task, recipe(inputs=name))
    right = labelers.right(tagger, numbers, task, task.test)
    assert right["known"] == 100
    assert right["unknown"] == pytest.approx(100 / 3) if name == "words" else right["unknown"] > 60


def test_without_letters_all_unknown_words_of_a_place_get_the_same_probabilities(task):
    numbers = unknown_words.reader(task, "words")
    tagger = unknown_words.model(task, numbers, recipe(inputs="words")).eval()
    p = tagger.probabilities(*numbers([["grimly", "."], ["Xyz9", "."]]))
    assert torch.equal(p[0], p[1])


def test_pieces_are_the_cuts_of_the_learned_merges(task):
    numbers = unknown_words.reader(task, "pieces")
    (_, pieces), _ = numbers([["slowly", "grimly"]])
    for row, word in zip(pieces[0], ["slowly", "grimly"], strict=True):
        cut = numbers.bpe.encode([word])
        assert row[: len(cut)].tolist() == numbers.letters.encode(cut).tolist()
        assert not row[len(cut) :].any()


def test_parts_read_their_own_place_and_stand_in_their_order():
    x = torch.tensor([[1, 2]]), torch.tensor([[3, 0]])
    first, second = models.Words(5, 3), models.Words(5, 2)
    both = Picked((1, first), (0, second), (1, first))
    assert both.size == 8
    wanted = torch.cat([first(x[1]), second(x[0]), first(x[1])], 2)
    assert torch.equal(both(x), wanted)


def test_the_counted_model_has_known_and_unknown_words(task):
    found = {r.metric: r.value for r in unknown_words.counted(task)}
    assert found["known"] == 100 and found["unknown"] == 100


def test_a_run_is_the_same_for_the_same_seed(task):
    one, two = (unknown_words.run(task, recipe(updates=10)) for _ in range(2))
    assert [(r.metric, r.value) for r in one] == [(r.metric, r.value) for r in two]
    assert {"all", "known", "unknown", "dev_all", "parameters"} <= {r.metric for r in one}


# ---- the figures ----


def test_taggers_that_vote_give_the_mean_of_their_probabilities(task):
    numbers = unknown_words.reader(task, "words + letters")
    two = [unknown_words.model(task, numbers, recipe(seed=seed)).eval() for seed in (0, 1)]
    x, lengths = numbers([["grimly", "."], ["."]])
    p = tag_figures.Mean(two).probabilities(x, lengths)
    assert torch.allclose(p, sum(one.probabilities(x, lengths) for one in two) / 2)
    assert p[1, 1].eq(0).all() and tag_figures.Mean(two).best(x, lengths)[1, 1] == NONE
    assert tag_figures.Mean(two).best(x, lengths)[0, 0] == p[0, 0].argmax()


def test_a_network_of_the_figures_is_the_same_by_both_ways_through_time(task):
    numbers = unknown_words.reader(task, "words + letters")
    small = tag_figures.Recipe(D=8, D_letter=4, H_letter=4, H=6, half=False)
    tagger = tag_figures.model(task, numbers, small).eval()
    x, lengths = numbers([["grimly", "slowly", "."], ["."]])
    fused = tagger.probabilities(x, lengths)
    assert torch.allclose(fused, tag_figures.in_float32(tagger).probabilities(x, lengths),
                          atol=1e-5)


def test_networks_of_one_run_have_seeds_of_their_own(task):
    small = tag_figures.Recipe(D=4, D_letter=4, H_letter=4, H=4, updates=2, half=False, seed=1)
    taggers, numbers, _ = tag_figures.networks(task, small)
    first, second = (one.V.weight for one in taggers)
    assert len(taggers) == 2 and not torch.equal(first, second)
    found = tag_figures.scores(taggers, numbers, task, task.test)
    assert {"all", "known", "unknown", "unknown_form", "first_alone"} <= found.keys()


# ---- the taggers that are shipped ----


@pytest.fixture(scope="module")
def taggers():
    return letter_taggers.load()


def test_a_saved_pair_of_taggers_comes_back_the_same(task, tmp_path, monkeypatch):
    monkeypatch.setattr(letter_taggers, "recipe", lambda inputs: recipe(inputs=inputs))
    made = letter_taggers.learn(task)
    letter_taggers.save(made, tmp_path / "t.safetensors")
    back = letter_taggers.load(tmp_path / "t.safetensors")
    for name in letter_taggers.INPUTS:
        mine, theirs = (one.probabilities(name, ["grimly", "."]) for one in (made, back))
        assert torch.allclose(mine, theirs, atol=0.01)
    assert back.tags("words + letters", ["slowly", "."]) == ["ADV", "PUNCT"]


def test_the_shipped_file_is_small_and_says_how_it_was_made(taggers):
    assert letter_taggers.WEIGHTS.stat().st_size < 3_000_000
    assert taggers.facts["data"] == "ewt" and taggers.facts["words + letters"]["all"] > 90


def test_a_letter_decides_what_its_absence_changes(taggers):
    words = "the dog zorbed it".split()
    tag, p, says, instead = taggers.decided("words + letters", words, 2)
    k = taggers.kinds.index(tag)
    assert tag == "VERB" and len(says) == len(instead) == 6
    for i, say in enumerate(says.tolist()):
        without = [*words[:2], "zorbed"[:i] + "zorbed"[i + 1 :], *words[3:]]
        alone = taggers.probabilities("words + letters", without)[2]
        assert say == pytest.approx(p - alone[k].item(), abs=1e-5)
        assert instead[i] == taggers.kinds[alone.argmax()]


def test_what_the_notebook_says_of_made_up_words_is_true(taggers):
    def of(text, place):
        return taggers.decided("words + letters", text.split(), place)

    tag, _, says, instead = of("He snarply left .", 1)
    assert tag == "ADV" and set(says.topk(2).indices.tolist()) == {5, 6} and instead[6] == "VERB"
    assert taggers.tags("words", "He snarply left .".split())[1] == "VERB"
    tag, _, says, _ = of("We met Quib at noon .", 2)
    assert tag == "PROPN" and says.argmax() == 0 and of("We met quib at noon .", 2)[0] == "NOUN"
    assert of("It costs 3x9 dollars .", 2)[0] == "NUM"
    tag, _, says, _ = of("They zorbly it .", 1)
    assert tag == "VERB" and set(says.topk(2, largest=False).indices.tolist()) == {4, 5}
    assert of("The dog zorbed it .", 2)[0] == "VERB"
    assert of("The dog zorbed it .", 2)[2].abs().max() < 0.15


def test_a_word_of_one_letter_is_replaced_by_an_unknown_sign(taggers):
    _, _, says, _ = taggers.decided("words + letters", ["a", "dog"], 0)
    assert len(says) == 1


def test_what_the_windows_say_has_the_word_s_vector_as_its_maximum(taggers):
    conv = taggers.found["words + letters"].embed.inner.parts[1]
    for word in ("walking", "Ox"):
        _, letters = taggers.reader.ids([word])
        assert torch.allclose(taggers.windows("words + letters", word).amax(1),
                              conv(letters[None])[0, 0], atol=1e-6)


def test_a_follower_answers_to_its_group(taggers):
    groups = {"ly": ["slowly", "gladly"], "ing": ["going", "saying"], "9": ["1999", "3rd"]}
    found = letter_taggers.followers(taggers, "words + letters", groups)
    for group, (unit, gap) in found.items():
        most = {label: max(taggers.windows("words + letters", w)[unit].max().item() for w in ws)
                for label, ws in groups.items()}
        assert gap > 0.2 and max(most, key=most.get) == group


# ---- K31 ----


SENTENCES = [["low", "lower"], ["new", "newest"], ["low", "low", "newer"]] * 8


def small_text():
    kind = dataclasses.make_dataclass("D", ["name", "sha256"])
    return vocabulary_sizes.Text(kind("small", "0"), SENTENCES, [["low", "newest"], ["slower"]])


def test_after_no_merge_a_text_has_a_symbol_for_each_letter_and_each_space():
    cutter = vocabulary_sizes.ByPiece(SENTENCES, 0)
    cut = [piece for words in SENTENCES for piece in cutter.cut(words)]
    assert len(cut) + len(SENTENCES) == vocabulary_sizes.characters(SENTENCES)


def test_more_merges_make_shorter_texts_and_no_unknown_words():
    found = [vocabulary_sizes.lengths(vocabulary_sizes.ByPiece(SENTENCES, n), SENTENCES)
             for n in (0, 3, 20)]
    sizes = [row["symbols_per_word"] for row in found]
    assert sizes == sorted(sizes, reverse=True) and sizes[0] > sizes[-1]
    assert not any(row["unknown_words"] for row in found)


def test_words_are_one_symbol_each_and_some_are_unknown():
    cutter = vocabulary_sizes.ByWord(SENTENCES, most=4 + 2)
    found = vocabulary_sizes.lengths(cutter, [["low", "slower"], ["lower"]])
    assert found["symbols_per_word"] == 1
    assert found["unknown_words"] == found["unknown_symbols"] == pytest.approx(100 * 1 / 3)


def test_unknown_words_are_spelled_with_all_their_letters_and_an_end():
    cutter = vocabulary_sizes.ByWord(SENTENCES, most=4 + 2)
    once, twice = cutter.spelling([["slower"]]), cutter.spelling([["slower", "low"], ["slower"]])
    assert once > 0 and twice == pytest.approx(2 * once)
    ids, V = cutter.letters.encode("slower"), cutter.letters
    x = torch.cat([torch.tensor([V.bos]), ids])[None]
    y = torch.cat([ids, torch.tensor([V.eos])])[None]
    assert once == pytest.approx(-cutter.speller.score(x, y)[0].sum().item())


@pytest.mark.parametrize("merges", [0, 5, None])
def test_bits_are_counted_for_each_character_of_the_same_text(merges):
    text = small_text()
    small = vocabulary_sizes.Recipe(merges, D=8, H=8, characters=60, passes=2)
    cutter = vocabulary_sizes.cutter_of(small, text)
    found = {r.metric: r.value for r in vocabulary_sizes.run(small, text, cutter)}
    symbols = sum(len(cutter.cut(words)) + 1 for words in text.test)
    nats = found["bits_for_each_symbol"] * symbols * math.log(2)
    spelled = found["bits_spelling"] * vocabulary_sizes.characters(text.test) * math.log(2)
    n = vocabulary_sizes.characters(text.test)
    assert found["bits"] == pytest.approx((nats + spelled) / n / math.log(2))
    assert (found["bits_spelling"] > 0) == (merges is None and found["unknown_words"] > 0)


# ---- C112 ----


def analyse(texts):
    """An analysis that knows endings."""
    tags = {ending: tag for tag, ending in ENDINGS.items()}
    return [[tags.get(word[-2:], "PUNCT") for word in text] for text in texts]


def test_the_analysis_is_read_beside_words_and_letters(task):
    numbers = with_tags.Analysed(labelers.reader(task), analyse, task.kinds)
    texts = [["slowly", "."], ["."]]
    (words, letters, tags), lengths = numbers(texts)
    assert words.shape == tags.shape == (2, 2) and letters.shape[:2] == (2, 2)
    assert numbers.tags.decode(tags[0]) == ["ADV", "PUNCT"] and tags[1, 1] == 0
    assert lengths.tolist() == [2, 1]


def test_tags_of_a_batch_belong_to_its_texts(task):
    numbers = with_tags.Analysed(labelers.reader(task), analyse, task.kinds)
    examples = Examples(numbers, *task.train, task.kinds)
    examples.forms = with_tags.AnalysedForms(numbers, task.train[0])
    (_, _, tags), labels, lengths = examples.batch([4, 0])
    for row, gold, n in zip(tags, labels, lengths, strict=True):
        assert [task.kinds[k] for k in gold[:n]] == numbers.tags.decode(row[:n])


def test_with_the_right_analysis_beside_it_an_unknown_word_is_no_riddle():
    """BIO labels that follow from tags: words alone cannot know them for new words."""
    data, label = small_data(), {"ADV": "B-A", "VERB": "O", "NOUN": "B-N", "PUNCT": "O"}
    for part in (data.train, data.valid):
        part[:] = [(words, [label[tag] for tag in tags]) for words, tags in part]
    task, right = labelers.Task.of(data), {}
    numbers = with_tags.Analysed(labelers.reader(task), analyse, list(ENDINGS) + ["PUNCT"])
    for name in ("words", "words + tags"):
        one = with_tags.Recipe(inputs=name, D=8, D_tag=4, H=8, updates=80, tokens=40, lr=1e-2)
        made = with_tags.trained(task, numbers, one)
        right[name] = labelers.span_f1(made, numbers, task.test, task.kinds)
    assert right["words + tags"] == 100 > right["words"]


# ---- names ----


def test_pieces_of_a_name_have_up_to_three_letters_and_its_borders():
    assert name_origins.grams("ab") == ["<", "a", "b", ">", "<a", "ab", "b>", "<ab", "ab>"]


def test_shares_over_languages_count_a_small_language_as_much_as_a_large_one():
    accuracy, by_language = name_origins.shares(["a"] * 9 + ["b"], ["a"] * 10)
    assert (accuracy, by_language) == (90, 50)


def test_a_letter_of_a_name_decides_what_its_absence_changes():
    kind = dataclasses.make_dataclass("D", ["name", "sha256", "train", "valid", "test"])
    names = [(stem + end, language) for stem in ("Mar", "Tol", "Pek", "Gar", "Bel")
             for language, end in (("x", "ov"), ("y", "ini"))]
    task = name_origins.task_of(kind("small", "0", names, names, names))
    one = dataclasses.replace(name_origins.recipe(80), D=8, H=8, tokens=40, lr=1e-2)
    model, numbers, _ = labelers.trained(task, one)
    language, p, says = name_origins.decided(model, numbers, task.kinds, "Garini")
    assert language == "y" and p > 0.9 and len(says) == 6
    x, lengths = numbers([list("Garin")])
    without = model(x, lengths).softmax(1)[0, task.kinds.index("y")].item()
    assert says[5].item() == pytest.approx(p - without, abs=1e-5)
