"""When a card that was mixed up comes back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sopkit.spacing import WAITS, due_at

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
SECOND = 1 / 86_400


def day(number: float) -> datetime:
    return START + timedelta(days=number)


@pytest.mark.parametrize(
    ("tries", "due"),
    [
        ("", None),
        ("0+", None),
        ("0+ 5+", None),
        ("0-", 2),
        ("0- 0+", 2),  # right after the explanation
        ("0- 1+", 2),
        ("0- 1-", 3),
        ("0- 2+", 14),
        ("0- 2-", 4),
        ("0- 2+ 3+", 14),
        ("0- 2+ 14+", 42),
        ("0- 2+ 14+ 15+", 42),
        ("0- 2+ 14-", 16),
        ("0- 2+ 14+ 42+", None),
        ("0- 2+ 14+ 42+ 50-", 52),
        ("0+ 4-", 6),
        ("0- 20+", 32),  # who comes late waits as long again
        ("0- 100+ 100+ 100+", 112),
    ],
)
def test_after_two_days_two_weeks_and_six_weeks(tries: str, due: float | None) -> None:
    made = [(day(float(one[:-1])), one[-1] == "+") for one in tries.split()]
    assert due_at(made) == (None if due is None else day(due))


def test_a_second_too_early_does_not_count() -> None:
    assert due_at([(day(0), False), (day(2 - SECOND), True)]) == day(2)


TRIES = st.lists(st.tuples(st.floats(0, 30, allow_nan=False), st.booleans()), max_size=12)


def dated(steps: list[tuple[float, bool]]) -> list[tuple[datetime, bool]]:
    """Return tries so many days after one another."""
    at, found = 0.0, []
    for wait, fits in steps:
        at += wait
        found.append((day(at), fits))
    return found


@given(TRIES)
def test_what_never_was_mixed_up_never_comes_back(steps: list[tuple[float, bool]]) -> None:
    assert due_at((at, True) for at, _ in dated(steps)) is None


@given(TRIES)
def test_a_mix_up_starts_anew_whatever_was_before(steps: list[tuple[float, bool]]) -> None:
    made = dated([*steps, (1.0, False)])
    assert due_at(made) == due_at(made[-1:]) == made[-1][0] + WAITS[0]


@given(TRIES)
def test_a_try_that_fits_before_it_is_due_changes_nothing(steps: list[tuple[float, bool]]) -> None:
    made = dated(steps)
    due = due_at(made)
    if due is not None and made[-1][0] < due:
        assert due_at([*made, (max(made[-1][0], due - timedelta(hours=1)), True)]) == due


@given(TRIES)
def test_a_card_rests_after_each_answer(steps: list[tuple[float, bool]]) -> None:
    made = dated(steps)
    before, after = due_at(made[:-1]), due_at(made)
    if made and after is not None and after != before:
        assert after - made[-1][0] in WAITS


@given(TRIES, st.lists(st.floats(0, 20, allow_nan=False), min_size=3, max_size=3))
def test_three_that_fit_when_due_end_it(steps: list[tuple[float, bool]], later: list[float]) -> None:
    made = dated([*steps, (1.0, False)])
    for days in later:
        due = due_at(made)
        assert due is not None
        made.append((due + timedelta(days=days), True))
    assert due_at(made) is None
