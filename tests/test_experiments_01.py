"""The experiments of notebook 01: who notices order, what a window can reach, how n-grams grow."""
import itertools
from collections import Counter
from dataclasses import make_dataclass

import pytest
import torch

from rnnlib.cells import RNNCell
from rnnlib.experiments import distances, ngram_growth, out_of_window, shifted, word_order
from rnnlib.models import WindowTagger

Made = make_dataclass("Made", ["name", "sha256", "train", "valid", "test"])

# ---- one word in another place ----


def test_every_bag_of_words_comes_with_both_answers():
    bags = {}
    for words, answer in word_order.sentences() + word_order.sentences(held_out=True):
        bags.setdefault(tuple(sorted(words)), set()).add(answer)
    assert all(answers == {"more", "no more"} for answers in bags.values())


def test_the_pair_of_the_lecture_is_in_the_grammar_with_opposite_answers():
    found = dict((" ".join(words), answer) for held in (False, True)
                 for words, answer in word_order.sentences(held))
    rest = "between now and the end of the semester"
    assert found[f"i hope there are no more midterms {rest}"] == "no more"
    assert found[f"no i hope there are more midterms {rest}"] == "more"


def test_no_sentence_is_both_learned_and_held_out():
    learned, held = ({tuple(words) for words, _ in word_order.sentences(h)} for h in (False, True))
    assert learned and held and not learned & held


@pytest.fixture(scope="module")
def readers():
    return word_order.readers(seed=0, updates=200)


def test_the_bag_gives_one_answer_for_all_orders(readers):
    words = "i hope there are no more midterms".split()
    answers = [readers["bag"].more(order) for order in itertools.permutations(words)][:60]
    assert max(answers) - min(answers) < 1e-5


def test_the_window_answers_by_its_last_words_alone(readers):
    long, other = "i hope there are no more midterms this week", "we find songs no more midterms"
    tail = "more midterms this week".split()
    assert readers["window"].more(long.split()) == readers["window"].more(
        other.split()[:-3] + ["no"] + tail)
    assert readers["window"].more(["we", *tail]) != readers["window"].more(["no", *tail])


def test_the_recurrent_net_learns_the_task_and_the_others_do_not(readers):
    held = word_order.sentences(held_out=True)
    right = {name: reader.right(held) for name, reader in readers.items()}
    assert right["rnn"] > 0.97 > 0.93 > right["window"] > 0.6 > right["bag"] > 0.4


def test_filling_up_at_the_left_changes_no_answer(readers):
    words = readers["rnn"].vocab.encode("no i hope there are more songs".split())
    longer = torch.nn.functional.pad(words, (6, 0))
    for reader in readers.values():
        assert torch.allclose(reader.model(words[None]), reader.model(longer[None]), atol=1e-5)


def test_moving_and_shuffling_keep_the_words():
    words = "i hope there are no more midterms".split()
    assert word_order.moved(words, 4, 0) == "no i hope there are more midterms".split()
    assert word_order.shuffled(words, 0) == words != word_order.shuffled(words, 5)
    assert Counter(word_order.shuffled(words, 5)) == Counter(words)


# ---- K01: out of the window ----


def test_a_cue_stands_at_its_distance_and_nowhere_else():
    ids, y, distance = out_of_window.Cues(B=50)[3]
    is_cue = ids < 2
    assert is_cue.sum(1).eq(1).all()
    assert torch.equal(is_cue.int().argmax(1), out_of_window.T - 1 - distance)
    assert torch.equal(ids[is_cue], y)


@pytest.mark.parametrize("name, width", [("window 5", 5), ("window 10", 10)])
def test_the_derivative_is_exactly_zero_outside_the_window_and_only_there(name, width):
    net = out_of_window.model(name, len(out_of_window.WORDS))
    sizes = out_of_window.gradient(net, out_of_window.Cues(B=20)[0][0])
    assert not sizes[:, :-width].any() and (sizes[:, -width:] > 0).all()


@pytest.mark.parametrize("name", ["rnn", "gru"])
def test_a_recurrent_net_depends_on_every_word(name):
    net = out_of_window.model(name, len(out_of_window.WORDS))
    assert (out_of_window.gradient(net, out_of_window.Cues(B=5)[0][0]) > 0).all()


def test_the_derivative_agrees_with_moving_an_embedding_a_little():
    net, e = out_of_window.model("window 5", 20).double(), torch.randn(1, 8, 16).double()
    direction = torch.zeros_like(e)
    direction[0, 6] = torch.randn(16)
    ends = (net.scores(e + step * direction)[0] for step in (1e-6, -1e-6))
    a, b = ends
    e.requires_grad_()
    byhand = [(torch.autograd.grad(net.scores(e)[0, k], e)[0] * direction).sum() for k in (0, 1)]
    assert torch.allclose((a - b) / 2e-6, torch.stack(byhand), atol=1e-7)


def test_a_window_of_ragged_texts_sees_the_last_words_of_each():
    net = out_of_window.model("window 5", 20)
    ids = torch.tensor([[1, 2, 3, 4, 5, 6, 7], [8, 9, 0, 0, 0, 0, 0]])
    both = net(ids, torch.tensor([7, 2]))
    assert torch.allclose(both[0], net(ids[:1])[0]) and torch.allclose(both[1], net(ids[1:, :2])[0])


def test_influences_of_a_tagger_are_a_band_and_of_a_recurrent_net_a_triangle():
    e, tagger, cell = torch.randn(1, 7, 4), WindowTagger(1, 4, 6, 2, width=3), RNNCell(4, 6)
    edge = tagger.E.weight[-1:].expand(1, 1, 4)
    band = out_of_window.influences(lambda e: tagger.scores(torch.cat([edge, e, edge], 1)), e)
    place = torch.arange(7)
    assert torch.equal(band > 0, (place[:, None] - place).abs() <= 1)
    triangle = out_of_window.influences(lambda e: out_of_window.bptt.run(cell, e)[0], e)
    assert torch.equal(triangle > 0, place[:, None] >= place)


def test_records_of_the_made_task_say_which_distance():
    found = {r.metric for r in out_of_window.made_task("window 5", 0)}
    assert {"right_0", "right_19", "largest_outside", "log10_gradient_4"} <= found
    assert "log10_gradient_5" not in found  # there it is 0


# ---- K02: shifted ----


def requests():
    pairs = [("play some jazz", "music"), ("book a table for two", "food"), ("is it cold", "sky")]
    rows = [(words.split(), None, intent) for words, intent in pairs] * 4
    return Made("made", "", rows, rows, rows)


def test_a_request_stands_whole_at_its_shift_and_small_talk_elsewhere():
    net, tests = shifted.trained("feed-forward", 1, requests(), updates=1)
    for shift in (0, 7):
        ids, _ = tests.batch([1], [shift], shifted.random.Random(0))
        row = tests.rows[1]
        assert torch.equal(ids[0, shift : shift + len(row)], row)
        rest = torch.cat([ids[0, :shift], ids[0, shift + len(row) :]])
        assert set(rest.tolist()) <= set(tests.talk.tolist())


def test_what_is_learned_at_one_place_is_lost_at_another_by_the_feed_forward_net():
    values = {r.metric: r.value for r in shifted.run("feed-forward", 1, requests(), updates=150)}
    assert values["right_0"] == 100 and values["right_10"] < 90


# ---- K03: n-grams ----


def test_unseen_is_the_share_of_running_n_grams_that_were_not_counted():
    counted, held = [torch.tensor([0, 1, 2, 3])], [torch.tensor([1, 2, 0, 1])]
    assert ngram_growth.unseen(counted, held, 2) == pytest.approx(100 / 3)
    assert ngram_growth.unseen(counted, held, 1) == 0


def test_the_split_holds_a_tenth_out_and_depends_on_the_seed():
    rows = [([f"w{i % 7}", f"v{i % 5}"], ["X", "X"]) for i in range(60)]
    data = Made("made", "", rows[:40], rows[40:50], rows[50:])
    (counted, held, vocab), (other, _, _) = (ngram_growth.halves(data, s) for s in (0, 1))
    assert (len(counted), len(held)) == (54, 6)
    assert [row.tolist() for row in counted] != [row.tolist() for row in other]


def test_growth_is_recorded_for_every_n_with_the_counts_of_a_plain_loop():
    rows = [("the cat saw the dog".split(), None), ("the dog saw a cat".split(), None)] * 10
    data = Made("made", "", rows, [], [])
    found = {(r.setting["n"], r.metric): r.value for r in ngram_growth.run(data, 0, longest=3)}
    for n in (1, 2, 3):
        grams = {tuple(row[i : i + n]) for words, _ in rows for row in
                 [["<s>", *words, "</s>"]] for i in range(len(row) - n + 1)}
        assert found[n, "distinct"] == len(grams) and found[n, "unseen"] == 0


def test_the_recurrent_weights_are_those_of_a_model():
    from rnnlib.models import LanguageModel

    net = LanguageModel(50, ngram_growth.D, RNNCell(ngram_growth.D, ngram_growth.H))
    assert ngram_growth.weights(50) == sum(w.numel() for w in net.parameters())


# ---- distances ----


def test_brackets_are_matched_inside_out():
    assert distances.brackets("f ( a , ( b ) ) c".split()) == [2, 6]
    assert distances.brackets(") ( ]".split()) == []


def test_quotes_are_taken_in_pairs():
    assert distances.quotes('" a b " c " d "'.split()) == [3, 2]


def test_either_waits_for_the_next_or():
    assert distances.choices("Either now or never , either way".split()) == [2]


def test_subjects_are_counted_to_their_verbs():
    line = "{}\t{}\t_\t{}\t_\t_\t{}\t{}\t_\t_"
    rows = [(1, "keys", "NOUN", 4, "nsubj"), (2, "to", "ADP", 3, "case"),
            (3, "cars", "NOUN", 1, "nmod"), (4, "fit", "VERB", 0, "root"),
            (5, "she", "PRON", 6, "nsubj"), (6, "says", "VERB", 4, "parataxis")]
    text = "\n".join(line.format(*row) for row in rows) + "\n\n"
    assert distances.agreements([text]) == [3, 1]
    assert distances.agreements([text], ("NOUN",)) == [3]


def test_beyond_counts_what_is_strictly_farther():
    assert distances.beyond([1, 5, 6, 10], 5) == 50
