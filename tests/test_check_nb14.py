"""The exercises of notebook 14: right answers pass, each wrong one is told its mistake."""
from exercise_answers import (  # noqa: F401  pytest finds them here
    pytest_generate_tests,
    test_a_right_answer_passes,
    test_a_stub_is_told_not_yet,
    test_a_wrong_answer_is_told_its_mistake,
    test_each_known_mistake_is_told_by_its_own_name,
)
from solutions import nb14 as answers

from rnnlib.check import nb14, nb14_rewards

EXERCISES = [
    (nb14.alone, answers.ALONE_RIGHT, answers.ALONE_WRONG),
    (nb14.mix, answers.MIX_RIGHT, answers.MIX_WRONG),
    (nb14.risk, answers.RISK_RIGHT, answers.RISK_WRONG),
    (nb14.gradient, answers.GRADIENT_RIGHT, answers.GRADIENT_WRONG),
    (nb14.others, answers.OTHERS_RIGHT, answers.OTHERS_WRONG),
]
CASES = [nb14.ALONE_CASES, nb14.MIX_CASES, nb14_rewards.RISK_CASES, nb14_rewards.GRADIENT_CASES,
         nb14_rewards.OTHERS_CASES]
