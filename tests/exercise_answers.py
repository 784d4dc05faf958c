"""The tests of a notebook's exercises, for a file with two lists.

EXERCISES has a row (check, right answers, [(wrong answer, words of its message)]) per exercise,
CASES the cases of each.  The file imports all five names; pytest finds them there.
"""
from rnnlib.check.core import judge


def pytest_generate_tests(metafunc):
    """The rows of the file's lists that a test below asks for by the names of its arguments."""
    rows, cases = metafunc.module.EXERCISES, metafunc.module.CASES
    every = {
        ("check", "right"): [(check, one) for check, right, _ in rows for one in right],
        ("check", "wrong", "message"): [(check, *one) for check, _, wrong in rows for one in wrong],
        ("check",): [(check,) for check, _, _ in rows],
        ("cases",): [(some,) for some in cases],
    }
    metafunc.parametrize(metafunc.fixturenames, every[tuple(metafunc.fixturenames)], ids=named)


def named(value):
    """A short name for a case of pytest."""
    if isinstance(value, list):
        return value[0].name.replace(" ", "_")
    return value.__name__ if callable(value) else str(value)[:40].replace(" ", "_")


def test_a_right_answer_passes(check, right):
    report = check(right)
    assert report.passed, report


def test_a_wrong_answer_is_told_its_mistake(check, wrong, message):
    report = check(wrong)
    told = repr(report).split("known mistake: ", 1)[-1].split("\n")[0]
    assert not report.passed and message in told, report


def test_a_stub_is_told_not_yet(check):
    def stub(*arguments):
        raise NotImplementedError

    assert repr(check(stub)).startswith("not yet")


def test_each_known_mistake_is_told_by_its_own_name(cases):
    """No earlier mistake in the list gives the same value in every case that shows it."""
    for what, mistake in cases[0].mistakes:
        said = [line for case in cases for line in judge(mistake, case, 5.0)[1]]
        assert f"known mistake: {what}" in said, (what, said)
