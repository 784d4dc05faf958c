"""The experiments of notebook 08: fair comparisons on toys whose answers are known."""
import random
from dataclasses import make_dataclass, replace

import pytest
import torch

from rnnlib import claims, claims_series
from rnnlib.cells import GRUCell
from rnnlib.experiments import depth, directions, fewer_steps, last_states, norm_rates, recency
from rnnlib.experiments.labelers import Task, model, reader
from rnnlib.experiments.record import Record
from rnnlib.layers_built import weights
from rnnlib.metrics_spans import strict

TOY = make_dataclass("Toy", ["name", "sha256", "train", "valid", "test"])


def utterances(n, seed):
    """(words, slots, intent): the slot of a word is told by the word after it."""
    draw, found = random.Random(seed), []
    for _ in range(n):
        words = [draw.choice("abc") for _ in range(draw.randint(4, 7))]
        slots = ["B-x" if after == "a" else "O" for after in [*words[1:], "c"]]
        found.append((words, slots, "first-" + words[0]))
    return found


@pytest.fixture(scope="module")
def toy():
    return TOY("toy", "", utterances(200, 1), utterances(40, 2), utterances(60, 3))


QUICK = replace(directions.RECIPE, D=8, updates=60, tokens=200, lr=2e-2, dropout=0.0)


def values(records):
    return {record.metric: record.value for record in records}


@pytest.mark.parametrize("kind", ["from the left", "from the right", "side by side", "multiplied"])
def test_who_reads_from_the_right_knows_a_label_that_the_next_word_tells(toy, kind):
    found = values(directions.run(Task.of(toy), "slots", kind, 0, QUICK))
    assert (found["accuracy"] > 98) == (kind != "from the left")
    assert found["accuracy"] > 60 and 0 <= found["f1"] <= 100


@pytest.mark.parametrize("kind", directions.KINDS)
def test_all_kinds_have_about_the_same_weights(kind):
    found = weights(directions.built(kind)(64, directions.RECIPE))
    assert 0.95 * directions.BUDGET < found <= directions.BUDGET


@pytest.mark.parametrize("layers", depth.LAYERS)
def test_all_depths_have_about_the_same_weights(layers):
    layer = directions.built("side by side", layers, budget=depth.BUDGET)(64, directions.RECIPE)
    assert 0.95 * depth.BUDGET < weights(layer) <= depth.BUDGET and len(layer.layers) == layers


def test_the_same_seed_gives_the_same_numbers_and_the_texts_do_not_depend_on_it(toy):
    task = Task.of(toy).only(50)
    one, two = (values(directions.run(task, "slots", "added", 3, replace(QUICK, updates=5)))
                for _ in range(2))
    assert one | {"seconds": 0} == two | {"seconds": 0}
    assert directions.task_of("slots", 20, toy).train == directions.task_of("slots", 20, toy).train


def test_questions_are_asked_of_every_word_in_its_sentence():
    asked = depth.questions([["Play", "it"], ["go"]], [["O", "B-x"], ["O"]], ["music", "walk"])
    vocab = {name: answers.tolist() for name, (answers, _) in asked.items()}
    assert [len(answers) for answers in vocab.values()] == [3] * 7
    before, after, intent = vocab["the word before"], vocab["the word after"], vocab["the intent"]
    assert before[0] == before[2] != before[1] and after[1] == after[2] != after[0]
    assert intent[0] == intent[1] != intent[2]
    assert vocab["B, I or O"][0] == vocab["B, I or O"][2] != vocab["B, I or O"][1]


def test_rare_answers_are_one_kind():
    answers, kinds = depth.frequent(["a"] * 5 + ["b"] * 3 + ["c", "d"], most=2)
    assert kinds == 4 and answers[-1] == answers[-2] and len(set(answers.tolist())) == 3


def test_states_of_padding_are_left_out(toy):
    task = Task.of(toy)
    numbers = reader(task)
    tagger = model(task, numbers, QUICK, directions.built("side by side", 3, budget=3000)).eval()
    texts = [row[0] for row in toy.test[:5]]
    layers = depth.states_of(tagger, numbers, texts)
    assert len(layers) == 4 and {len(h) for h in layers} == {sum(map(len, texts))}
    alone = depth.states_of(tagger, numbers, texts[3:4])
    start = sum(map(len, texts[:3]))
    torch.testing.assert_close(layers[3][start : start + len(texts[3])], alone[3])


def test_probes_find_the_word_and_its_neighbours(toy, monkeypatch):
    monkeypatch.setattr(depth, "LONG", QUICK)
    monkeypatch.setattr(depth, "BUDGET", 5000)
    task = Task.of(toy)
    network, records = depth.longer(task, 3, "normalised")
    assert values(records)["accuracy"] > 98
    found = depth.probes(network, task, *depth.probe_texts(task))
    by = {(r.setting["question"], r.metric): r.value for r in found}
    assert by["the word", "layer_0"] == 100 and by["the word after", "layer_0"] < 60
    assert by["its slot", "layer_3"] > 95 > 80 > by["its slot", "layer_0"]


def test_windows_follow_each_other():
    assert last_states.windows(torch.arange(11), 3).tolist() == [[0, 1, 2], [3, 4, 5], [6, 7, 8]]


def test_the_last_state_of_a_direction_is_its_own_and_all_kinds_are_equally_long():
    rows = torch.randint(10, (7, 12))
    for kind in last_states.KINDS:
        sizes = last_states.KINDS[kind]
        pair = [recency.character_model(recency.Recipe("rnn", H=H), 10) if H else None
                for H in sizes]
        h = last_states.both_last(pair, rows)
        assert h.shape == (7, 64)
    left, right = pair
    assert torch.equal(h[:, :32], last_states.last_state(left, rows))
    assert torch.equal(h[:, 32:], last_states.last_state(right, rows.flip(1)))


def test_an_untrained_reader_knows_the_end_it_read_last():
    torch.manual_seed(0)
    rows = torch.randint(6, (1500, 16))
    left = recency.character_model(recency.Recipe("rnn"), 6)
    h = last_states.both_last([left, None], rows)
    assert last_states.readable(h, rows[:, -1], 6) > last_states.readable(h, rows[:, 0], 6) + 0.3


def test_normalised_stacks_differ_from_plain_ones_in_gain_and_shift_alone():
    plain, norm = (weights(norm_rates.KINDS[kind](GRUCell, 8, 5, 3)) for kind in norm_rates.KINDS)
    assert norm - plain == 3 * 2 * 10


def test_a_trial_is_followed_and_learns(toy, monkeypatch):
    monkeypatch.setattr(norm_rates, "RECIPE", replace(norm_rates.RECIPE, D=8, H=8, updates=40))
    found = values(norm_rates.run(Task.of(toy), norm_rates.Trial("normalised", "gru", 2, 1e-2)))
    curve = [value for name, value in found.items() if name.startswith("nats_")]
    assert len(curve) == 10 and curve[-1] == found["nats"] < curve[0]


@pytest.mark.parametrize("name", fewer_steps.NETWORKS)
def test_every_network_reads_characters(toy, name):
    task = fewer_steps.task_of("intents", toy, 200)
    assert task.train[0][0][1] == " " and not task.per_word
    recipe = replace(fewer_steps.RECIPE, D=8, updates=25, tokens=300)
    found = values(fewer_steps.run(task, "intents", name, 0, recipe))
    assert found["accuracy"] > 25 and found["seconds"] > 0


def test_slots_by_letter_have_the_spans_of_the_slots_by_word():
    words, slots = ["go", "to", "new", "york", "now"], ["O", "O", "B-c", "I-c", "B-t"]
    letters = fewer_steps.by_letter(words, slots)
    text = " ".join(words)
    assert len(letters) == len(text)
    assert [(kind, text[a:b]) for kind, a, b in strict(letters)] == [
        ("c", "new york"), ("t", "now")]


def test_slots_by_letter_can_be_learned(toy):
    task = fewer_steps.task_of("slots", toy, 200)
    recipe = replace(fewer_steps.RECIPE, D=8, updates=40, tokens=300, lr=2e-2)
    assert values(fewer_steps.run(task, "slots", "recurrent", 0, recipe))["f1"] > 50


def test_the_shortened_network_makes_a_quarter_of_the_steps():
    steps = []
    net = fewer_steps.NETWORKS["convolution, recurrent on every 4th"](8)
    inner = net.layers[1].layer
    real = inner.forward
    inner.forward = lambda x, *rest: steps.append(x.shape[1]) or real(x, *rest)
    net(torch.zeros(2, 21, 8))
    assert steps == [6]


def probe_record(question, metric, value, seed):
    setting = {"what": "probe", "question": question, "layers": 1}
    return Record("K10", setting, seed, metric, value, 0.0, "d", "", {})


def test_a_probe_is_counted_from_the_blind_one_upwards_seed_by_seed():
    rows = [probe_record("word", "commonest", 20, 0), probe_record("word", "layer_0", 60, 0),
            probe_record("word", "layer_1", 100, 0), probe_record("word", "commonest", 50, 1),
            probe_record("word", "layer_0", 60, 1), probe_record("word", "layer_1", 100, 1)]
    means, halves = depth.closed(rows)
    assert means == {"word": [pytest.approx((50 + 20) / 2), 100]} and halves["word"][1] == 0


def test_a_point_is_the_mean_of_one_setting_and_never_of_two(monkeypatch):
    rows = [Record("K99", {"kind": kind, "n": n}, seed, "f1", n + seed, 0.0, "d", "", {})
            for kind, n in (("a", 1), ("b", 2), ("b", 3)) for seed in (0, 2)]

    def results(claim, metric, setting):
        return [r for r in rows if setting.items() <= r.setting.items()]

    monkeypatch.setattr(claims, "results", results)
    assert claims_series.points("K99", "f1", {"a": {"kind": "a"}})["a"][0] == 2
    with pytest.raises(ValueError, match=r"K99 f1 of 'b' has 2 settings, expected one: name more "):
        claims_series.points("K99", "f1", {"b": {"kind": "b"}})
