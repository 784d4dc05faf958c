"""The experiments of notebook 06: what each model may see, rules, histories, vectors, scores."""
from dataclasses import make_dataclass, replace

import pytest
import torch

from rnnlib import claims_series, metrics_labels
from rnnlib.crf import bio_rules
from rnnlib.experiments import (
    label_counts,
    labelers,
    neighbours,
    own_history,
    pos_taggers,
    pretrained_words,
    span_figures,
)
from rnnlib.experiments.labelers import Recipe, Task
from rnnlib.metrics_spans import invalid_bio

SMALL = Recipe(D=12, D_letter=6, H_letter=8, H=10, updates=40, tokens=200, lr=1e-2)


def toy(kinds=("O", "B-X", "I-X")):
    """A task whose labels depend on the word before: after "in", the next two words are a span."""
    rows = [(["go", "in", a, b], ["O", "O", "B-X", "I-X"]) for a in "abcd" for b in "abcd"]
    rows += [([a, b, "go"], ["O", "O", "O"]) for a in "abcd" for b in "abcd"]
    data = make_dataclass("D", ["name", "sha256", "train", "valid", "test"])("toy", "", rows,
                                                                          rows[::3], rows[::2])
    return Task.of(data)


@pytest.fixture(scope="module")
def task():
    return toy()


@pytest.fixture(scope="module")
def reader(task):
    return labelers.reader(task)


def changed(tagger, reader, place):
    """The words (of seven) whose scores change with the word at a place."""
    one = ["a", "b", "c", "d", "a", "b", "c"]
    other = [*one[:place], "go", *one[place + 1:]]
    x, lengths = reader([one, other])
    with torch.no_grad():
        scores = tagger.eval()(x, lengths)
    return [t for t in range(7) if (scores[0, t] - scores[1, t]).abs().max() > 1e-7]


REACHED = {"window of 5": [1, 2, 3, 4, 5], "left to right": [3, 4, 5, 6],
           "both ways": [0, 1, 2, 3, 4, 5, 6]}


@pytest.mark.parametrize("reach", neighbours.LAYERS)
def test_each_network_sees_as_far_as_its_name_says(reach, task, reader):
    tagger = neighbours.network(task, reader, SMALL, reach, neighbours.SOFTMAX)
    assert changed(tagger, reader, 3) == REACHED[reach]


@pytest.mark.parametrize("reach", neighbours.LAYERS)
def test_padding_and_batch_mates_change_nothing(reach, task, reader):
    tagger = neighbours.network(task, reader, SMALL, reach, neighbours.SOFTMAX).eval()
    texts = [["go", "in", "a", "b"], ["a", "b"], ["d", "in", "c", "go", "a", "a", "b", "go"]]
    with torch.no_grad():
        together, alone = tagger(*reader(texts)), tagger(*reader(texts[1:2]))
    torch.testing.assert_close(together[1, :2], alone[0], rtol=0, atol=1e-6)


def test_all_networks_have_about_equal_room_for_their_states(task, reader):
    found = [neighbours.network(task, reader, SMALL, reach, neighbours.SOFTMAX).layer.size
             for reach in neighbours.LAYERS]
    assert set(found) == {2 * SMALL.H}


def test_with_the_rules_an_untrained_softmax_is_always_valid(task, reader):
    tagger = neighbours.network(task, reader, SMALL, "both ways", neighbours.SOFTMAX)
    with torch.no_grad():
        tagger.V.bias[task.kinds.index("I-X")] += 20
    texts = task.test[0]
    mine = labelers.guesses(tagger, reader, texts, task.kinds)
    ruled = labelers.guesses(neighbours.Ruled(tagger, task.kinds), reader, texts, task.kinds)
    assert invalid_bio(mine)[0] == len(texts) and invalid_bio(ruled)[0] == 0


def test_the_rules_change_nothing_where_the_softmax_is_valid(task, reader):
    tagger = neighbours.network(task, reader, SMALL, "both ways", neighbours.SOFTMAX)
    labelers.fit(tagger, task, reader, SMALL)
    mine, ruled = (labelers.guesses(one, reader, task.test[0], task.kinds)
                   for one in (tagger.eval(), neighbours.Ruled(tagger, task.kinds)))
    same = [m for m in mine if not invalid_bio([m])[0]]
    assert same and same == [r for m, r in zip(mine, ruled, strict=True) if not invalid_bio([m])[0]]


def test_a_crf_without_rules_may_be_invalid_and_one_with_them_may_not(task, reader):
    free = neighbours.network(task, reader, SMALL, "both ways", neighbours.FREE)
    told = neighbours.network(task, reader, SMALL, "both ways", neighbours.CRF)
    assert free.crf.between.all()
    assert torch.equal(told.crf.between, bio_rules(task.kinds)[0])


def test_scores_by_hand():
    gold = [["O", "B-X", "I-X"], ["O", "O"]]
    mine = [["O", "B-X", "O"], ["I-X", "O"]]
    found = neighbours.scores(gold, mine)
    assert found == {"accuracy": 60.0, "whole": 0.0, "f1": 0.0, "invalid": 50.0}
    assert neighbours.scores(gold, gold) == {"accuracy": 100, "whole": 100, "f1": 100, "invalid": 0}
    assert "f1" not in neighbours.scores([["NOUN"]], [["VERB"]])


def k16(name, top, metrics, shift=0.0):
    """Records of three seeds; a metric's value is its number plus the seed."""
    return [make_dataclass("R", ["setting", "metric", "seed", "value"])(
        {"task": name, "reach": "both ways", "top": top}, metric, seed, value + seed + shift)
        for metric, value in metrics.items() for seed in (0, 1, 2)]


def test_three_ways_to_decide_are_read_from_the_records_and_no_rules_means_no_second_way():
    records = (k16("pos", neighbours.SOFTMAX, {"whole": 10}) + k16("pos", neighbours.CRF, {
        "whole": 11}) + k16("slots", neighbours.SOFTMAX, {"whole": 20, "ruled_whole": 25})
        + k16("slots", neighbours.CRF, {"whole": 30}, shift=0.5))
    means, halves = neighbours.ways(records, [("pos", "whole"), ("slots", "whole")])
    assert means == {"softmax": [11, 21], "softmax, rules": [11, 26], "CRF": [12, 31.5]}
    assert halves["CRF"] == pytest.approx([2.484, 2.484], abs=1e-3)
    assert neighbours.gain(records, "slots", "whole") == pytest.approx((10.5, 0))


# ---- the label before ----


def test_after_errors_are_counted_by_hand():
    gold = [["a", "b", "c", "d"]]
    mine = [["a", "x", "c", "y"]]
    assert own_history.after_errors(gold, mine, mine) == 100.0  # c follows the error x
    assert own_history.after_errors(gold, mine, [["a", "b", "z", "d"]]) == 0.0


def test_with_the_right_history_it_says_what_it_said_in_training(task, reader):
    tagger = own_history.history_tagger(task, reader, SMALL)
    labelers.fit(tagger, task, reader, SMALL)
    examples = labelers.Examples(reader, *task.test, task.kinds)
    found = own_history.told(tagger.eval(), examples, task.kinds)
    x, labels, lengths = examples.batch([0])
    with torch.no_grad():
        scores = tagger(x, labels, lengths)
    assert found[0] == [task.kinds[k] for k in scores[0].argmax(1).tolist()]
    assert [len(row) for row in found] == [len(row) for row in task.test[0]]


# ---- vectors of the language model ----


def test_the_vectors_are_those_of_the_language_model_and_the_words_keep_theirs():
    from rnnlib.experiments import word_models
    found, vocab, _ = word_models.load()
    numbers, E = pretrained_words.vectors()
    assert len(numbers) == len(E) == len(vocab) - 2 and numbers.pad == 0
    for word in ("the", "house", "because"):
        assert torch.equal(E[numbers[word]], found["lstm"].E.weight[vocab[word]])


def test_both_starts_have_vectors_of_one_length_and_differ(task):
    for start in (pretrained_words.RANDOM, pretrained_words.TRAINED):
        reader = pretrained_words.reader_of(task, start)
        recipe = replace(pretrained_words.RECIPE, updates=1)
        tagger = pretrained_words.tagger_of(task, reader, recipe, start)
        length = tagger.embed.E.weight.norm(dim=1).mean().item()
        assert length == pytest.approx(1.0, abs=0.1)
        assert len(tagger.embed.E.weight) == len(reader.words)


# ---- figures ----


def test_recall_of_seen_and_of_new_spans_by_hand():
    rows = [(["in", "Rome"], ["O", "B-X"])]
    texts, gold = [["to", "rome"], ["to", "new", "york"]], [["O", "B-X"], ["O", "B-X", "I-X"]]
    data = make_dataclass("D", ["name", "sha256", "train", "valid", "test"])(
        "toy", "", rows, rows, list(zip(texts, gold, strict=True)))
    found = span_figures.by_novelty(Task.of(data), gold, [["O", "B-X"], ["O", "O", "O"]], texts)
    assert found == {"new_share": 50.0, "recall_seen": 100.0, "recall_new": 0.0}


def test_runs_are_told_with_their_mean_and_the_number_of_seeds():
    records = [make_dataclass("R", ["data", "setting", "metric", "seed", "value"])(
        "toy", {"top": "crf"}, metric, seed, value)
               for metric in ("f1", "invalid", "new_share", "recall_seen", "recall_new",
                              "training_seconds")
               for seed, value in ((0, 40.0), (1, 50.0))]
    assert span_figures.told(records).startswith(
        "toy, crf: F1 45.0 after 45 s of training (2 seeds); no valid BIO: 45.0 %\n")
    assert "(1 seed)" in span_figures.told(records[::2])


def test_what_is_counted_is_scored_on_words_and_spans():
    data = make_dataclass("D", ["train", "valid", "test"])(
        [(["a", "b"], ["O", "B-X"])], [], [(["b", "c"], ["B-X", "O"])])
    found = label_counts.values_of(label_counts.MostFrequent(data.train, "O"), data.test)
    assert found == {"accuracy": 100, "whole": 100, "f1": 100, "invalid": 0, "known": 100,
                     "unknown": 100}


def test_the_shipped_taggers_say_how_they_came_about_and_know_common_words():
    found, facts = pos_taggers.load()
    assert facts["command"] == pos_taggers.COMMAND and facts["data"] == "ewt"
    assert facts["values"]["both ways"]["all"] > facts["values"]["left to right"]["all"] > 90
    for tagger in found.values():
        assert tagger.tag("The dog was very happy .".split()) == [
            "DET", "NOUN", "AUX", "ADV", "ADJ", "PUNCT"]
        assert "dog" in tagger and "qwertyu" not in tagger


@pytest.mark.real_data
def test_the_shipped_taggers_reach_what_their_file_says():
    found, facts = pos_taggers.load()
    task = neighbours.task("pos")
    for reach, tagger in found.items():
        texts, gold = (part[:300] for part in task.test)
        mine = labelers.guesses(tagger.model, tagger.reader, texts, task.kinds)
        assert neighbours.scores(gold, mine)["accuracy"] == pytest.approx(
            facts["values"][reach]["all"], abs=2)


# ---- tables as text ----


def test_a_table_as_text_leaves_out_the_interval_of_a_single_seed():
    found = claims_series.text(["F1", "whole"], {"a": [80.31, 50], "long": [7, 0]},
                               {"a": [1.24, 2], "long": [float("nan"), 0]})
    assert found.split("\n") == ["      F1            whole", "a     80.3 ± 1.2    50.0 ± 2.0",
                                  "long  7.0           0.0 ± 0.0"]


def test_percent_right_by_hand_of_known_and_unknown_words():
    tagger = label_counts.MostFrequent([(["a", "b"], ["X", "Y"])], "X")
    found = metrics_labels.percent_right(tagger, [(["a", "c", "d"], ["X", "X", "Y"])])
    assert found == {"all": "66.7 %", "known": "100.0 %", "unknown": "50.0 %"}
