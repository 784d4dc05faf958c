"""check: what a student reads about right, wrong, unfinished, endless and destructive functions."""

import builtins
import random
import time
from functools import partial

import numpy
import pytest
import torch

from rnnlib.check import Case, check_shape, examine, same_as
from rnnlib.check.compare import difference, show


def right(x, h, W, U):
    return torch.tanh(x @ W.T + h @ U.T)


def transposed(x, h, W, U):
    return torch.tanh(x @ W.T + h @ U)


def numbers(*shapes, seed=0):
    generator = torch.Generator().manual_seed(seed)
    return tuple(torch.randn(shape, generator=generator) for shape in shapes)


SMALL = numbers((1, 1), (1, 2), (2, 1), (2, 2))
LARGE = numbers((5, 3), (5, 4), (4, 3), (4, 4))
MISTAKES = [
    ("you transposed U", transposed),
    ("tanh is missing", lambda x, h, W, U: x @ W.T + h @ U.T),
]
STEP = Case("a step reads x and h", [LARGE, SMALL], right, MISTAKES)


def text(function, *cases, seconds=5.0):
    return repr(examine(function, cases or [STEP], seconds))


def test_the_right_function_holds():
    report = examine(right, [STEP])
    assert report.passed and report and repr(report) == "holds: a step reads x and h"


def test_a_known_mistake_is_named_on_the_smallest_input_with_the_students_names():
    def mine(token, state, W, U):
        return torch.tanh(token @ W.T + state @ U)

    lines = text(mine).split("\n")
    assert lines[0] == "does not hold: a step reads x and h"
    assert lines[1].strip() == "on the smallest input:"
    assert [line.split("=")[0].strip() for line in lines[2:6]] == ["token", "state", "W", "U"]
    assert lines[6].strip().startswith("expected [[") and lines[7].strip().startswith("got      [[")
    assert lines[8].strip() == "known mistake: you transposed U"


def test_an_unknown_mistake_is_shown_without_a_name():
    said = text(lambda x, h, W, U: torch.sigmoid(x @ W.T + h @ U.T))
    assert "does not hold" in said and "known mistake" not in said


def test_a_mistake_is_named_only_if_it_explains_every_case():
    cases = [
        Case("two", [(2,)], lambda n: n**3, MEANT),
        Case("more", [(3,), (4,)], lambda n: n**3, MEANT),
    ]
    assert "known mistake: doubled" in text(lambda n: 2 * n, *cases)
    assert "known mistake: squared" in text(lambda n: n * n, *cases)
    assert "known mistake" not in text(lambda n: n + 2, *cases)
    assert "known mistake: doubled" in text(lambda n: n + 2, cases[0])


MEANT = [("doubled", lambda n: 2 * n), ("squared", lambda n: n * n)]


def test_a_mistake_need_not_explain_an_input_on_which_the_function_fails():
    def mine(n):
        return 2 * n if n < 4 else undefined  # noqa: F821

    assert "known mistake: doubled" in text(mine, Case("all", [(3,), (4,)], lambda n: n**3, MEANT))


def test_values_are_called_by_their_names():
    case = Case("two values", [(3,)], lambda n: (n, n * n), returns=("side", "area"))
    assert "area: expected 9\n" in text(lambda n: (n, 2 * n), case)


def test_whole_numbers_are_shown_in_full():
    assert difference(15800, 15700.0) == "expected 15800\ngot      15700.0"


def test_a_mistake_that_gives_the_right_value_is_no_mistake():
    zero = (SMALL[0], torch.zeros(1, 2), *SMALL[2:])
    assert examine(transposed, [Case("from a zero state", [zero], right, MISTAKES)]).passed


def stub(x, h, W, U):
    raise NotImplementedError("write it")


def empty(x, h, W, U): ...


@pytest.mark.parametrize("function", [stub, empty])
def test_a_stub_is_not_yet(function):
    report = examine(function, [STEP, STEP])
    assert not report.passed and repr(report) == "not yet: a step reads x and h"


def test_an_endless_loop_ends_in_time():
    def endless(x, h, W, U):
        while True:
            try:
                x = x + 1
            except:  # noqa: E722 - catches even the exception that is to end it
                pass

    start = time.monotonic()
    said = text(endless, STEP, STEP, seconds=0.3)
    assert "it ran longer than 0.3 seconds: is there a loop that never ends?" in said
    assert time.monotonic() - start < 3 and said.count("does not hold") == 1


def test_a_call_that_cannot_be_interrupted_is_still_reported():
    start = time.monotonic()
    assert "longer than 0.2 seconds" in text(lambda x, h, W, U: time.sleep(6), seconds=0.2)
    assert time.monotonic() - start < 4


@pytest.mark.parametrize(
    "error", [SystemExit(0), KeyboardInterrupt(), RecursionError("deep"), ValueError("no")]
)
def test_no_error_gets_out(error):
    def raises(x, h, W, U):
        raise error

    said = text(raises)
    assert f"it raised {type(error).__name__}" in said and "raise error" in said


def test_an_error_names_the_students_own_line():
    def mine(x, h, W, U):
        return x @ W

    assert (
        "it raised RuntimeError: mat1 and mat2 shapes cannot be multiplied (1x1 and 2x1)"
        in text(mine)
    )
    assert f"in line {mine.__code__.co_firstlineno + 1}: return x @ W" in text(mine)


@pytest.mark.parametrize(
    "function, said",
    [
        (
            lambda x, h, W, U: right(x, h, W, U).T,
            "expected shape (1, 2), got (2, 1): are two axes swapped?",
        ),
        (
            lambda x, h, W, U: [right(x, h, W, U)],
            "got a list of 1: torch.stack makes one tensor of a list",
        ),
        (
            lambda x, h, W, U: right(x, h, W, U).numpy(),
            "(1, 2), got a ndarray: torch.as_tensor turns an array into a tensor",
        ),
        (
            lambda x, h, W, U: right(x, h, W, U).sum().item(),
            "expected a tensor of shape (1, 2), got a float",
        ),
        (
            lambda x, h, W, U: right(x, h, W, U).long(),
            "expected numbers with a point (float32), got int64",
        ),
        (lambda x, h, W, U: right(x, h, W, U) * float("nan"), "got      [[nan, nan]]"),
        (lambda x, h: h, "expected a function of 4 arguments, yours takes (x, h)"),
    ],
)
def test_values_of_the_wrong_kind_are_named(function, said):
    assert said in text(function)


def test_numbers_that_look_the_same_in_four_digits_are_told_apart():
    exact = torch.tensor([1.0, 2.0], dtype=torch.double) / 3
    said = repr(same_as(exact.float(), exact, 1e-12))
    assert "(they differ by 2e-08, float64 was expected, not float32)" in said
    assert "(they differ by 1e-09)" in repr(same_as(exact + 1e-9, exact, 1e-12))


def test_numbers_with_a_point_are_no_whole_numbers():
    said = repr(same_as(torch.tensor([1.0, 2.0]), torch.tensor([1, 2])))
    assert "expected whole numbers (int64), got float32" in said


def test_something_that_is_no_function_is_named():
    assert text(3) == "does not hold: expected a function, got a int"


@pytest.mark.parametrize("function", [max, partial(max, 3)])
def test_a_function_of_python_that_hides_its_arguments_is_told_like_any_other(function):
    assert "argument 1 = [1, 2]" in text(function, Case("a list", [([1, 2],)], lambda values: 7))


def test_prints_are_captured_and_shown(capsys):
    def chatty(x, h, W, U):
        print("shape", tuple(x.shape))
        return x @ W.T

    assert "it printed: shape (1, 1)" in text(chatty) and capsys.readouterr().out == ""


def test_a_function_that_asks_gets_no_answer():
    before = builtins.input
    assert "it raised RuntimeError: a function that is checked must not call" in text(
        lambda x, h, W, U: input("x?")
    )
    assert builtins.input is before


def test_a_flood_of_prints_is_cut():
    def flood(x, h, W, U):
        while True:
            print("x" * 1000)

    assert len(text(flood, seconds=0.2)) < 4000


def test_changing_an_input_in_place_is_named():
    def mine(x, h, W, U):
        h *= 2
        return torch.tanh(x @ W.T + h / 2 @ U.T)

    assert "the value is right, but your function changes its input in place" in text(mine)


def test_inputs_of_the_case_survive_a_function_that_changes_them():
    before = [t.clone() for t in SMALL + LARGE]
    text(lambda x, h, W, U: x.zero_() + h.zero_() + W.zero_().sum())
    assert all(torch.equal(a, b) for a, b in zip(before, SMALL + LARGE, strict=True))


def settings():
    return (
        torch.get_default_dtype(),
        torch.get_num_threads(),
        torch.is_grad_enabled(),
        torch.get_rng_state().tolist(),
        numpy.random.get_state()[1].tolist(),
        random.getstate(),
    )


def vandal(x, h, W, U):
    torch.set_default_dtype(torch.float64)
    torch.set_num_threads(torch.get_num_threads() + 1)
    torch.set_grad_enabled(False)
    torch.manual_seed(9), numpy.random.seed(9), random.seed(9)
    print("gone")
    raise SystemExit


def test_global_settings_are_put_back():
    before = settings()
    text(vandal)
    assert settings() == before


def test_a_random_function_gives_the_same_report_twice():
    def noisy(x, h, W, U):
        return right(x, h, W, U) + torch.randn(1) + random.random() + numpy.random.rand()

    assert text(noisy) == text(noisy)


def test_same_as_compares_inside_and_reports_the_worst_place():
    assert repr(same_as(0.5, torch.tensor(0.5))) == "holds: the same to 1e-05"
    assert same_as([torch.ones(2), (1, "a")], (torch.ones(2), [1.0, "a"])).passed
    mine, reference = torch.zeros(3, 4), torch.zeros(3, 4)
    mine[1, 2] = -0.25
    assert repr(same_as(mine, reference)).split("\n")[1:] == [
        "    expected 0.0 at [1, 2]",
        "    got      -0.25 (1 of 12 numbers differ)",
    ]
    assert not same_as(torch.ones(2), torch.ones(2) + 1e-4)
    assert same_as(torch.ones(2), torch.ones(2) + 1e-4, tolerance=1e-3)
    assert same_as(torch.ones(2, requires_grad=True), torch.ones(2, dtype=torch.float64))


@pytest.mark.parametrize(
    "expected, got, said",
    [
        ({"h": 1.0}, {"c": 1.0}, "expected a dict with ['h'], got a dict of 1 with ['c']"),
        ({"h": 1.0}, {"h": 2.0}, "at 'h': expected 1.0\ngot      2.0"),
        ([1, 2], [1, 2, 3], "expected a list of 2, got a list of 3"),
        (["a"], ["b"], "value 1 of 1: expected 'a'\ngot      'b'"),
        (True, 1, "expected True\ngot      1"),
        (None, 0, "expected None\ngot      0"),
        (torch.tensor(float("nan")), torch.tensor(float("nan")), None),
        (torch.tensor(float("inf")), torch.tensor(1.0), "expected inf\ngot      1.0"),
        (torch.zeros(0), torch.zeros(0), None),
        (torch.tensor(3), 3, None),
    ],
)
def test_differences_read_well(expected, got, said):
    assert difference(expected, got) == said


def test_large_values_are_shown_by_their_shape():
    assert show(torch.zeros(3, 4)) == "a tensor of shape (3, 4)"
    assert show(list(range(20))) == "[0, 1, 2, 3, 4, 5, 6, 7, ...]"


@pytest.mark.parametrize(
    "tensor, shape, said",
    [
        (torch.zeros(2, 3), (2, 3), "holds: the shape is (2, 3)"),
        (torch.zeros(2, 3), (None, 3), "holds: the shape is (2, 3)"),
        (
            torch.zeros(2, 3),
            (3, 2),
            "does not hold: expected shape (3, 2), got (2, 3): are two axes swapped?",
        ),
        (torch.zeros(2, 3), (2, 3, 1), "does not hold: expected shape (2, 3, 1), got (2, 3)"),
        ([1], (1,), "does not hold: expected a tensor of shape (1,), got a list of 1"),
    ],
)
def test_check_shape_says_expected_and_got(tensor, shape, said):
    report = check_shape(tensor, shape)
    assert repr(report) == said and report.passed == said.startswith("holds")


def test_only_the_outer_value_is_named_when_a_list_inside_is_as_long():
    case = Case("labels and score", [(2,)], lambda n: ([n, n], 1.0), returns=("labels", "score"))
    assert "labels: value 2 of 2: expected 2" in text(lambda n: ([n, 0], 1.0), case)


def test_a_driven_function_shows_the_names_that_its_driver_gives():
    def driver(function, network, *rest):
        return function(network)

    case = Case("one value", [(3,)], lambda network: network)
    driven = partial(driver, lambda network: 0)
    assert "on the smallest input: network = 3" in text(driven, case)
