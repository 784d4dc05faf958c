"""The experiments of notebook 12: small forms of them, and what they promise about their inputs."""
from dataclasses import replace
from types import SimpleNamespace

import pytest
import torch

from rnnlib import decode, train
from rnnlib.datasets.grammar_sentences import sentences
from rnnlib.datasets.offline_locales import dates
from rnnlib.experiments import context_figures, context_inside, context_writers, fixed_context
from rnnlib.experiments.fixed_context import KINDS, TASKS, Corpus, Forgetful, Recipe, Writer
from rnnlib.layers_built import weights
from rnnlib.objectives import nats
from rnnlib.text import UNK


def small(parts):
    """A small data set with a name and a hash; all target words of its test are known."""
    known = {word for _, y in parts["train"][:400] for word in y.split()}
    kept = {name: [(x, y) for x, y in parts[name] if "-" in y or set(y.split()) <= known][:400]
            for name in ("train", "valid", "test")}
    return SimpleNamespace(name="small", sha256="0", **kept)


DATA = {"dates": small(dates(800)), "sentences": small(sentences(1600)),
        "strings": context_figures.Strings.of(600)}
TINY = Recipe(D=8, H=12, tokens=500, steps=4)


def made(name, kind, recipe=TINY):
    """An untrained writer of a kind."""
    corpus = Corpus.of(TASKS[name], kind, DATA[name])
    model = replace(recipe, kind=kind).model(len(corpus.sources), len(corpus.targets))
    return Writer(model, corpus, {})


@pytest.fixture(scope="module")
def shipped():
    """The models that come with the course."""
    return {name: context_writers.load(name) for name in context_writers.SHIPPED}


@pytest.mark.parametrize("name", TASKS)
def test_every_kind_of_a_task_has_as_many_weights(monkeypatch, name):
    monkeypatch.setitem(context_figures.RECIPES, name, Recipe(H=48))
    counts = []
    for kind in KINDS:
        corpus = Corpus.of(TASKS[name], kind, DATA[name])
        recipe = context_figures.recipe_of(name, kind, DATA[name], 0)
        model = recipe.model(len(corpus.sources), len(corpus.targets))
        counts.append(weights(model))
        assert recipe.kind == kind
    assert max(counts) == counts[0] and min(counts) > 0.94 * counts[0]


@pytest.mark.parametrize("kind", KINDS)
def test_a_run_is_recorded_with_what_it_measures(monkeypatch, kind):
    monkeypatch.setitem(context_figures.RECIPES, "sentences", TINY)
    found = {r.metric: r for r in context_figures.run("sentences", kind, DATA["sentences"], 3)}
    assert found.keys() == {"nats", "exact", "parameters", "exact_short", "exact_long"}
    one = found["nats"]
    assert one.setting["kind"] == kind and one.setting["task"] == "sentences" and one.seed == 3
    assert 0 < one.value < 8 and "seed" not in one.setting


def test_the_shorter_half_is_no_longer_than_the_longer_one():
    parts = context_figures.halves(DATA["dates"].test, list)
    assert max(len(x) for x, _ in parts["short"]) < min(len(x) for x, _ in parts["long"])
    assert len(parts["short"]) + len(parts["long"]) == len(DATA["dates"].test)


def test_strings_are_different_and_written_again_as_they_are():
    data = context_figures.Strings.of(300)
    every = [*data.train, *data.valid, *data.test]
    assert len({x for x, _ in every}) == 300 and all(x == y for x, y in every)
    assert {len(x) for x, _ in every} == set(range(3, 9)) and len(data.test) == 30
    assert data.sha256 == context_figures.Strings.of(300).sha256 != data.sha256[::-1]


def test_a_reversed_source_is_read_from_its_end():
    plain, other = (made("sentences", kind).corpus for kind in ("start", "reversed"))
    text = DATA["sentences"].train[0][0]
    (x, n), (y, m) = plain.source([text]), other.source([text])
    assert torch.equal(x.flip(1), y) and torch.equal(n, m)
    assert plain.sources.decode(x[0]) == text.split()


def test_one_network_has_one_vocabulary():
    corpus = made("sentences", "one network").corpus
    assert corpus.sources is corpus.targets
    apart = made("sentences", "start").corpus
    assert "<s>" not in apart.sources and UNK not in apart.targets


def test_a_share_of_the_source_is_forgotten_and_nothing_of_the_target():
    corpus = made("sentences", "start").corpus
    pairs, unk = corpus.pairs(corpus.train, 500, 0), corpus.sources[UNK]
    half, none = Forgetful(pairs, unk, 0.5, 0), Forgetful(pairs, unk, 0.0, 0)
    gone = 0
    for step in range(5):
        batch, whole = half[step], none[step]
        assert torch.equal(batch.y, whole.y) and torch.equal(whole.source[0], pairs[step].source[0])
        same = batch.source[0] == whole.source[0]
        assert (batch.source[0][~same] == unk).all()
        gone += (~same).float().mean().item() / 5
    assert 0.4 < gone < 0.6
    assert torch.equal(half[2].source[0], Forgetful(pairs, unk, 0.5, 0)[2].source[0])


@pytest.mark.parametrize("name", TASKS)
def test_training_lowers_the_loss(name):
    recipe = Recipe(D=16, H=24, steps=60, tokens=500)
    corpus = Corpus.of(TASKS[name], "start", DATA[name])
    model = recipe.model(len(corpus.sources), len(corpus.targets))
    held_out = corpus.pairs(corpus.valid, 8000, 0)
    total, count = nats(model, held_out)
    *_, last = fixed_context.fit(model, corpus, recipe)
    assert last.held_out < 0.9 * total / count


def test_a_plan_with_a_longest_source_learns_from_shorter_ones_only():
    plan = context_writers.Plan("dates", TINY, longest=15)
    writer, _ = context_writers.learn(plan, DATA["dates"])
    assert writer.corpus.train and max(len(x) for x, _ in writer.corpus.train) <= 15


def test_short_and_longer_dates_are_measured_apart(monkeypatch):
    monkeypatch.setattr(context_writers, "load_data", lambda name: DATA["dates"])
    plan = context_writers.Plan("dates", TINY, longest=15)
    found = context_writers.measures(plan, made("dates", "start"), DATA["dates"])
    assert {"exact_1", "exact_5", "exact_longer_1", "exact_new_1", "parameters"} <= found.keys()


def test_weights_come_back_as_they_were_written(tmp_path):
    plan = context_writers.Plan("sentences", TINY)
    writer, records = context_writers.run(plan, DATA["sentences"])
    texts = [x for x, _ in DATA["sentences"].test[:5]]
    before = writer.write(texts)
    train.save_weights(tmp_path / "w.safetensors", writer.model.half(), writer.facts)
    again = context_writers.load("sentences", tmp_path / "w.safetensors")
    assert again.write(texts) == before and again.facts["data"] == "small"
    assert {"exact_1", "exact_5", "bleu_1"} <= {r.metric for r in records}


@pytest.mark.parametrize("name, source, target", [
    ("dates", "25 dic 1983", "1983-12-25"), ("dates", "3 January 1990", "1990-01-03"),
    ("sentences", "the green witch arrived", "llegó la bruja verde")])
def test_the_shipped_models_know_their_trade(shipped, name, source, target):
    assert shipped[name].write([source]) == [target]
    facts = shipped[name].facts
    assert "context_writers" in facts["command"] and len(facts["data_sha256"]) == 64
    assert context_writers.weights_file(name).stat().st_size < 3e6


def test_what_is_watched_is_what_is_written(shipped):
    for name, text in (("dates", "25 dic 1983"), ("sentences", "the witch arrived")):
        writer = shipped[name]
        seen, T = context_inside.watch(writer, text), len(writer.answers([text])[0].ids) + 1
        assert len(seen.states) == len(seen.symbols) == len(seen.said) == seen.S + T
        assert seen.said[seen.S - 1] == writer.write([text])[0]
        c = context_inside.contexts(writer, [text])[0]
        torch.testing.assert_close(seen.states[seen.S - 1], c)
        first = writer.corpus.task.glue.join(writer.corpus.task.cut(text)[:1])
        assert seen.said[0] == writer.write([first])[0] and seen.said[-1] == "</s>"
        assert seen.symbols[seen.S] == "<s>"
        _, state = writer.model.step(torch.tensor([writer.corpus.targets.bos]), c[None])
        torch.testing.assert_close(seen.states[seen.S], state[0])


def test_both_ends_of_a_mixture_are_the_two_contexts(shipped):
    writer, texts = shipped["sentences"], ["the green witch arrived", "the queen sang"]
    c = context_inside.contexts(writer, texts)
    mixed = context_inside.mixtures(*c, [0, 0.25, 1])
    torch.testing.assert_close(mixed[[0, 2]], c)
    torch.testing.assert_close(mixed[1], 0.75 * c[0] + 0.25 * c[1])
    found = context_inside.answers_from(writer, mixed[[0, 2]])
    assert [writer.text(answer.ids) for answer in found] == writer.write(texts)


def test_the_likeliest_texts_come_first_with_their_probabilities(shipped):
    writer, text = shipped["sentences"], "the old doctors did not see him"
    texts, p = context_inside.likeliest(writer, context_inside.contexts(writer, [text])[0])
    assert p == sorted(p, reverse=True) and len(set(texts)) == 5 and sum(p) <= 1 + 1e-6
    greedy = writer.answers([text])[0]
    assert texts[p.index(max(p))] and p[0] >= torch.tensor(greedy.score).exp() - 1e-6


def test_a_readout_finds_what_is_in_a_state_and_not_what_is_not():
    draw = torch.Generator().manual_seed(0)
    labels, other = (torch.randint(0, 3, (600,), generator=draw) for _ in range(2))
    h = torch.randn(600, 4, generator=draw) + 8 * torch.eye(3, 4)[labels]
    for wanted, low, high in ((labels, 95, 100), (other, 15, 55)):
        weights = context_inside.readout(h[:400], wanted[:400])
        assert low <= context_inside.read_right(h[400:], wanted[400:], weights) <= high


def test_states_of_dates_are_those_of_the_decoder(shipped):
    writer = shipped["dates"]
    examples = [("25 dic 1983", "1983-12-25"), ("3 May 2001", "2001-05-03")]
    h, labels = context_inside.states_of_dates(writer, examples)
    assert h.shape == (12, 2, writer.model.encoder.size)
    assert {name: row.tolist() for name, row in labels.items()} == {
        "year": [83, 1], "month": [12, 5], "day": [25, 3]}
    torch.testing.assert_close(h[0], context_inside.contexts(writer, [x for x, _ in examples]))
    state = h[0]
    for t, symbol in enumerate(["<s>", *"1983-12-25"]):
        _, state = writer.model.step(torch.tensor([writer.corpus.targets[symbol]] * 2), state)
        torch.testing.assert_close(h[t + 1, 0], state[0])


@pytest.mark.parametrize("text", ["25 ☃ic 1983", "xyz", "1" * 300, " "])
def test_unknown_signs_and_long_sources_give_some_text(shipped, text):
    assert len(shipped["dates"].write([text])[0]) <= fixed_context.LIMIT


@pytest.mark.parametrize("call, text", [
    (lambda s: s["dates"].write([""]), "an empty source has nothing to say"),
    (lambda s: s["sentences"].write(["  "]), "an empty source has nothing to say"),
    (lambda s: s["dates"].write([]), "texts of at least one symbol"),
    (lambda s: context_writers.load("short_dates"), "expected one of dates, sentences"),
])
def test_bad_input_gets_one_clear_sentence(shipped, call, text):
    with pytest.raises(ValueError) as error:
        call(shipped)
    assert text in str(error.value) and "\n" not in str(error.value)


def test_a_wider_beam_is_never_less_probable_on_these(shipped):
    writer, texts = shipped["sentences"], [x for x, _ in DATA["sentences"].test[:20]]
    greedy, beam = writer.answers(texts), writer.answers(texts, 5)
    better = sum(b.score >= g.score - 1e-4 for g, b in zip(greedy, beam, strict=True))
    assert better >= 18
    source = writer.corpus.source(texts[:1])
    found = decode.beam(writer.model.step, torch.tensor([writer.corpus.targets.bos]),
                        writer.model.start(*source), 5, writer.corpus.targets.eos, 40)
    assert beam[0].score == pytest.approx(found[0][0].score, abs=1e-3)
