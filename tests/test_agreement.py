"""Agreement: published examples, other libraries, laws that must hold, and what is not shown."""

from __future__ import annotations

import math
import random
import time

import krippendorff
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from sklearn.metrics import cohen_kappa_score

from sopkit import agreement
from sopkit.agreement import LEAST, Estimate, NotShown, Row, gwet_ac, krippendorff_alpha, report, weighted_kappa

MARKS = (0, 1, 2)


def units(rows) -> list[dict]:
    """Return ratings from rows of marks, one column a reader."""
    return [{f"reader {place}": mark for place, mark in enumerate(row)} for row in rows]


def pairs(table) -> list[tuple[int, int]]:
    """Return the pairs of labels that a table of counts stands for."""
    return [(i, j) for i, row in enumerate(table) for j, count in enumerate(row) for _ in range(count)]


def spread(counts) -> list[dict]:
    """Return ratings from how many readers gave each label to each unit."""
    return units([label for label, count in enumerate(row) for _ in range(count)] for row in counts)


# Published examples

# Krippendorff (2011), "Computing Krippendorff's Alpha-Reliability", part C: 4 observers, 12 units, gaps. Gwet's "cac.raw4raters".
FOUR_OBSERVERS = units(
    zip(
        [1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3],
        [None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None],
        strict=True,
    )
)
# Gwet (2014), in the R package irrCAC 1.0: two abstractors on 100 pregnancies (ectopic, abnormal, normal).
ABSTRACTORS = [[13, 0, 0], [0, 20, 7], [0, 4, 56]]
# Fleiss (1971), first 15 patients as in irrCAC: 6 psychiatrists, 5 diagnoses.
SIX_RATERS = [
    [0, 0, 0, 6, 0], [0, 3, 0, 0, 3], [0, 1, 4, 0, 1], [0, 0, 0, 0, 6], [0, 3, 0, 3, 0],
    [2, 0, 4, 0, 0], [0, 0, 4, 0, 2], [2, 0, 3, 1, 0], [2, 0, 0, 4, 0], [0, 0, 0, 0, 6],
    [1, 0, 0, 5, 0], [1, 1, 0, 4, 0], [0, 3, 3, 0, 0], [1, 0, 0, 5, 0], [0, 2, 0, 3, 1],
]  # fmt: skip


@pytest.mark.parametrize(("level", "value"), [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849)])
def test_krippendorff_2011(level, value) -> None:
    alpha = krippendorff_alpha(FOUR_OBSERVERS, level)
    assert alpha.value == pytest.approx(value, abs=5e-4)
    assert alpha.n == 11  # the last unit has one observer


def test_krippendorff_2011_binary() -> None:
    """Part A of the same paper: two observers, ten units, no gaps, alpha .095."""
    first, second = [0, 1, 0, 0, 0, 0, 0, 0, 1, 0], [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]
    assert krippendorff_alpha(units(zip(first, second, strict=True)), "nominal").value == pytest.approx(0.095, abs=5e-4)


@pytest.mark.parametrize(("weights", "value", "low", "high"), [("identity", 0.77544, 0.461, 1), ("quadratic", 0.914, 0.685, 1)])
def test_gwet_four_raters(weights, value, low, high) -> None:
    """Printed in the overview of irrCAC (AC1) and in its tests (AC2), with Gwet's interval."""
    ac = gwet_ac(FOUR_OBSERVERS, (1, 2, 3, 4, 5), weights)
    assert (ac.value, ac.low, ac.high) == pytest.approx((value, low, high), abs=5e-4)


def test_gwet_six_raters() -> None:
    """Printed in the overview of irrCAC: AC1 .4448 (.264, .625), alpha .4204."""
    ac = gwet_ac(spread(SIX_RATERS), range(5), "identity")
    assert (ac.value, ac.low, ac.high) == pytest.approx((0.4448007, 0.264, 0.625), abs=5e-4)
    assert krippendorff_alpha(spread(SIX_RATERS), "nominal").value == pytest.approx(0.4204384, abs=1e-6)


def test_gwet_two_abstractors() -> None:
    """Printed in the manual of irrCAC: kappa .7964, with quadratic weights .8922, AC1 .8493 (SE .0432), alpha .7973."""
    both = pairs(ABSTRACTORS)
    assert weighted_kappa(both, range(3), "identity").value == pytest.approx(0.7964094, abs=1e-6)
    assert weighted_kappa(both, range(3)).value == pytest.approx(0.8921569, abs=1e-6)
    ac = gwet_ac(units(both), range(3), "identity")
    assert ac.value == pytest.approx(0.8493305, abs=1e-6)
    error = (ac.high - ac.low) / 2 / stats.t.ppf(0.975, 99)
    assert error * math.sqrt(99 / 100) == pytest.approx(0.04321747, abs=1e-6)  # its form for tables divides by n, that for raters by n - 1
    assert krippendorff_alpha(units(both), "nominal").value == pytest.approx(0.7972585, abs=1e-6)


@pytest.mark.parametrize(
    ("table", "value"),
    [
        ([[88, 10, 2], [14, 40, 6], [18, 10, 12]], 0.492),  # Cohen (1968), table 1: 200 cases, kappa without weights
        ([[0, 4, 1], [0, 8, 0], [0, 1, 5]], 0.4842),  # a SAS printout, in the tests of statsmodels
    ],
)
def test_cohen(table, value) -> None:
    assert weighted_kappa(pairs(table), MARKS, "identity").value == pytest.approx(value, abs=5e-4)


# Other libraries


def matrix(seed: int) -> list[list[int | None]]:
    """Return 12 to 51 units that 2 to 4 readers marked 0/1/2, a fifth of it missing. Frozen values below depend on it."""
    chance = random.Random(seed)
    readers, count = 2 + int(chance.random() * 3), 12 + int(chance.random() * 40)
    rows: list[list[int | None]] = []
    for _ in range(count):
        truth, row = int(chance.random() * 3), []
        for _ in range(readers):
            u = chance.random()
            row.append(None if u < 0.2 else truth if u < 0.75 else int(chance.random() * 3))
        rows.append(row)
    return rows


SEEDS = [seed for seed in range(300) if sum(sum(mark is not None for mark in row) >= 2 for row in matrix(seed)) >= LEAST]


@pytest.mark.parametrize("level", ["nominal", "ordinal", "interval"])
def test_alpha_as_the_library_krippendorff_has_it(level) -> None:
    assert len(SEEDS) > 200
    for seed in SEEDS:
        rows = matrix(seed)
        data = np.array([[math.nan if mark is None else mark for mark in row] for row in rows]).T
        theirs = krippendorff.alpha(reliability_data=data, level_of_measurement=level)
        assert krippendorff_alpha(units(rows), level).value == pytest.approx(theirs, abs=1e-9)


@pytest.mark.parametrize(("weights", "name"), [("identity", None), ("quadratic", "quadratic")])
def test_kappa_as_scikit_learn_has_it(weights, name) -> None:
    for seed in SEEDS:
        both = [(row[0], row[1]) for row in matrix(seed)]
        whole = [pair for pair in both if None not in pair]
        ours = weighted_kappa(both, MARKS, weights)
        if len(whole) < LEAST:
            assert isinstance(ours, NotShown)
        else:
            theirs = cohen_kappa_score(*zip(*whole, strict=True), labels=MARKS, weights=name)
            assert ours.value == pytest.approx(theirs, abs=1e-9)


# irrCAC 0.4.4 for Python on matrix(seed): AC1 with its interval, AC2 (quadratic) with its interval, nominal alpha. It needs
# an older pandas than this project, so its answers are kept here. Its intervals may go below -1; ours stop there.
IRRCAC = [
    (0, 0.372829, 0.199304, 0.546354, 0.351193, 0.106644, 0.595742, 0.384051),
    (1, 0.616788, 0.348976, 0.8846, 0.674489, 0.37257, 0.976408, 0.61605),
    (2, 0.527367, 0.370481, 0.684253, 0.527024, 0.314013, 0.740035, 0.514699),
    (3, 0.70701, 0.368971, 1.0, 0.657754, 0.221412, 1.0, 0.692913),
    (4, 0.087918, -0.439374, 0.615209, -0.092082, -1.194404, 1.0, 0.075472),
    (5, 0.307812, 0.085232, 0.530392, 0.39858, 0.123467, 0.673693, 0.318325),
    (6, 0.366757, 0.197238, 0.536276, 0.387083, 0.157515, 0.616651, 0.392809),
    (7, 0.592325, 0.093897, 1.0, 0.798257, 0.407753, 1.0, 0.608696),
    (8, 0.636693, 0.377942, 0.895444, 0.411223, -0.001999, 0.824446, 0.634831),
    (9, 0.523344, 0.220535, 0.826153, 0.355609, -0.142509, 0.853728, 0.55508),
    (10, 0.345287, 0.086037, 0.604537, 0.564081, 0.328697, 0.799466, 0.340984),
    (11, 0.600044, 0.365101, 0.834987, 0.543037, 0.235792, 0.850282, 0.553961),
]


@pytest.mark.parametrize(("seed", "ac1", "low1", "high1", "ac2", "low2", "high2", "alpha"), IRRCAC)
def test_gwet_as_irrcac_has_it(seed, ac1, low1, high1, ac2, low2, high2, alpha) -> None:
    ratings = units(matrix(seed))
    first, second = gwet_ac(ratings, MARKS, "identity"), gwet_ac(ratings, MARKS)
    assert (first.value, first.low, first.high) == pytest.approx((ac1, low1, high1), abs=2e-6)
    assert (second.value, second.low, second.high) == pytest.approx((ac2, max(-1, low2), high2), abs=2e-6)
    assert krippendorff_alpha(ratings, "nominal").value == pytest.approx(alpha, abs=2e-6)


def test_student_s_t() -> None:
    assert [agreement._t_975(df) for df in range(9, 300)] == pytest.approx(stats.t.ppf(0.975, range(9, 300)), abs=5e-5)


# Laws

mark = st.none() | st.sampled_from(MARKS)
some_ratings = st.integers(2, 4).flatmap(lambda readers: st.lists(st.lists(mark, min_size=readers, max_size=readers), max_size=30))


def all_of(rows) -> list[Estimate | NotShown]:
    ratings = units(rows)
    both = [(row[0], row[1]) for row in rows]
    kappas = [weighted_kappa(both, MARKS, weights) for weights in ("identity", "quadratic")]
    acs = [gwet_ac(ratings, MARKS, weights) for weights in ("identity", "quadratic")]
    return kappas + acs + [krippendorff_alpha(ratings, level) for level in ("nominal", "ordinal", "interval")]


def values(found) -> list[float | str]:
    return [one.value if isinstance(one, Estimate) else one.reason for one in found]


def same(found, others) -> bool:
    return all(
        a == b if isinstance(a, str) or isinstance(b, str) else math.isclose(a, b, abs_tol=1e-9) for a, b in zip(found, others, strict=True)
    )


@given(some_ratings)
@settings(deadline=None)
def test_always_an_estimate_within_bounds_or_a_reason(rows) -> None:
    for found in all_of(rows):
        if isinstance(found, NotShown):
            assert found.reason.startswith("Not shown: ")
            assert found.reason.endswith(".")
        else:
            assert -1 <= found.low <= found.value <= found.high <= 1 + 1e-12
            assert found.n >= LEAST


@given(st.lists(st.tuples(st.sampled_from(MARKS), st.integers(2, 4)), min_size=LEAST, max_size=40))
@settings(deadline=None)
def test_perfect_agreement_is_one_and_never_certain(statements) -> None:
    rows = [[truth] * readers + [None] * (4 - readers) for truth, readers in statements]
    one_mark = len({truth for truth, _ in statements}) == 1
    for place, found in enumerate(all_of(rows)):
        if one_mark and place not in (2, 3):
            assert isinstance(found, NotShown)
        else:
            assert (found.value, found.high) == (1, 1)
            assert found.low < 1


@given(some_ratings, st.randoms(use_true_random=False))
@settings(deadline=None)
def test_neither_the_order_of_statements_nor_the_names_of_readers_matter(rows, chance) -> None:
    mixed = [list(reversed(row)) if len(row) == 2 else row[1::-1] + row[:1:-1] for row in rows]
    chance.shuffle(mixed)
    before, after = all_of(rows), all_of(mixed)
    assert same(values(before), values(after))
    for one, other in zip(before[2:], after[2:], strict=True):  # these intervals too; kappa's bootstrap knows first from second
        if isinstance(one, Estimate):
            assert (one.low, one.high) == pytest.approx((other.low, other.high), abs=1e-9)


@given(some_ratings, st.permutations(["harm", "danger", "safety"]))
@settings(deadline=None)
def test_nominal_labels_may_be_renamed(rows, names) -> None:
    named = [[None if mark is None else names[mark] for mark in row] for row in rows]
    before = [weighted_kappa([tuple(row[:2]) for row in rows], MARKS, "identity"), gwet_ac(units(rows), MARKS, "identity")]
    after = [weighted_kappa([tuple(row[:2]) for row in named], sorted(names), "identity"), gwet_ac(units(named), sorted(names), "identity")]
    assert same(
        values([*before, krippendorff_alpha(units(rows), "nominal")]), values([*after, krippendorff_alpha(units(named), "nominal")])
    )


@given(some_ratings, st.lists(st.sampled_from(MARKS), max_size=5))
@settings(deadline=None)
def test_statements_with_one_reader_do_not_count(rows, alone) -> None:
    """Gwet's AC counts them for how common a label is; kappa and alpha leave them out."""
    wide = [[*row, None, None][:4] for row in rows]
    more = wide + [[mark, None, None, None] for mark in alone]
    for place in (0, 1, 4, 5, 6):
        assert all_of(wide)[place] == all_of(more)[place]


def test_the_same_marks_give_the_same_interval() -> None:
    assert all_of(matrix(1)) == all_of(matrix(1))


def test_more_statements_give_a_narrower_interval() -> None:
    once = matrix(1)
    for found, more in zip(all_of(once), all_of(once * 5), strict=True):
        assert more.high - more.low < found.high - found.low


def test_ten_of_ten_alike_is_not_certain() -> None:
    """Clopper & Pearson: 10 of 10 leaves a true share down to .6915; readers who guess among two even marks agree half the time."""
    kappa = weighted_kappa([(0, 0)] * 5 + [(2, 2)] * 5, MARKS)
    assert kappa.low == pytest.approx(1 - 2 * (1 - stats.beta.ppf(0.025, 10, 1)))


# What is not shown

SIX = "Not shown: 6 statements were read by two readers; 10 are needed."
NONE = "Not shown: no statement was read by two readers; 10 are needed."
SAME = "Not shown: every statement got the same marks. This number needs statements with different marks."
ONE_READER_SAME = "Not shown: one reader gave every statement the same mark. Kappa would say the same whatever the other did."


@pytest.mark.parametrize(
    ("rows", "kappa", "ac", "alpha"),
    [
        ([], NONE, NONE, NONE),
        ([[0, None], [2, None]] * 10, NONE, NONE, NONE),  # one reader only
        ([[0, None], [None, 2]] * 10, NONE, NONE, NONE),  # two readers, nothing in common
        ([[0, 0], [1, 2], [2, 2]] * 2 + [[1, None]] * 20, SIX, SIX, SIX),
        ([[2, 2]] * 12, ONE_READER_SAME, 1, SAME),  # all marks equal
        ([[1, 2]] * 12, ONE_READER_SAME, SAME, SAME),  # always the same difference
        ([[2, 1], [2, 2], [2, 0]] * 4, ONE_READER_SAME, 1 / 6, -0.418),  # one reader never varies
        ([[0, 2], [2, 0]] * 6, -1, SAME, SAME),  # every statement has the same two marks
    ],
)
def test_degenerate_marks_have_an_honest_answer(rows, kappa, ac, alpha) -> None:
    found = [weighted_kappa([tuple(row) for row in rows], MARKS), gwet_ac(units(rows), MARKS), krippendorff_alpha(units(rows))]
    for one, wanted in zip(values(found), (kappa, ac, alpha), strict=True):
        assert one == (wanted if isinstance(wanted, str) else pytest.approx(wanted, abs=5e-4))


def test_one_statement_is_said_in_the_singular() -> None:
    assert gwet_ac(units([[1, 1]]), MARKS).reason == "Not shown: 1 statement was read by two readers; 10 are needed."


def test_nine_are_too_few_and_ten_are_enough() -> None:
    rows = [[0, 0], [1, 1], [2, 1]] * 3
    assert all(isinstance(found, NotShown) for found in all_of(rows))
    assert all(isinstance(found, Estimate) for found in all_of([*rows, [2, 2]]))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: gwet_ac(units([[0, 3]]), MARKS), r"found 3; expected one of \[0, 1, 2\]"),
        (lambda: weighted_kappa([(0, "x")], MARKS), "found 'x'"),
        (lambda: weighted_kappa([(0, math.nan)], MARKS), "found nan"),
        (lambda: krippendorff_alpha(units([["a", "b"]])), "ordinal marks are numbers"),
        (lambda: krippendorff_alpha(units([[0, math.nan]]), "interval"), "interval marks are numbers"),
        (lambda: gwet_ac(units([[0, 0]] * 12), [0]), "at least two categories"),
    ],
)
def test_marks_that_cannot_be_are_an_error(call, message) -> None:
    with pytest.raises(ValueError, match=message):
        call()


# The report


def row(rows, **more) -> Row:
    (found,) = report({"caregiver": units(rows)}, **more)
    return found


def test_a_row_for_each_criterion_in_order() -> None:
    good = [[0, 0], [1, 1], [2, 2], [1, 1], [2, 2]] * 6
    found = report({"source": units(good), "caregiver": units([*good, [0, 1]])})
    assert [one.criterion for one in found] == ["source", "caregiver"]
    assert (found[0].n, found[0].exact, found[0].word) == (30, 1, "firm")
    assert (found[1].n, found[1].exact) == (31, pytest.approx(30 / 31))
    assert found[1].kappa == weighted_kappa([tuple(one) for one in [*good, [0, 1]]], MARKS)
    assert found[1].ac.method == "Gwet's AC2, quadratic weights; Gwet's variance"
    assert found[1].alpha.method == "Krippendorff's alpha, ordinal; bootstrap over statements"


def test_exact_is_the_share_of_equal_pairs() -> None:
    assert row([[0, 0], [0, 1]] * 5).exact == 0.5
    assert row([[0, 0, 1], [2, 2, 2]] * 5).exact == pytest.approx((1 / 3 + 1) / 2)
    assert row([]).exact is None


@pytest.mark.parametrize(
    ("value", "low", "word"),
    [
        (0.80, 0.667, "firm"),
        (0.95, 0.60, "tentative"),  # the interval reaches below
        (0.79, 0.70, "tentative"),
        (0.667, 0.10, "tentative"),
        (0.66, 0.50, "not enough yet"),
    ],
)
def test_the_word_follows_the_standard(monkeypatch, value, low, word) -> None:
    monkeypatch.setattr(agreement, "krippendorff_alpha", lambda *_: Estimate(value, low, 1, 30, ""))
    assert row([[0, 0], [1, 1], [2, 2]] * 10).word == word


def test_few_readings_are_not_enough_yet() -> None:
    found = row([[0, 0], [1, 1], [2, 2]])
    assert (found.n, found.exact, found.word) == (3, 1, "not enough yet")
    assert found.kappa == found.ac == found.alpha == NotShown("Not shown: 3 statements were read by two readers; 10 are needed.")


def test_lopsided_marks_get_a_note() -> None:
    """The paradox: 36 of 40 alike, yet alpha near 0, because nearly every mark is a 2."""
    found = row([[2, 2]] * 36 + [[1, 2], [2, 1]] * 2)
    assert (found.exact, found.word) == (0.9, "not enough yet")
    assert found.alpha.value < 0.1 < 0.9 < found.ac.value
    assert "8 in 10 marks" in found.note
    assert row([[0, 0], [1, 2], [2, 2]] * 10).note == ""


def test_kappa_is_for_two_readers() -> None:
    rows = [[0, 0, None], [1, None, 1], [None, 2, 2]] * 5
    found = row(rows)
    assert found.kappa == NotShown("Not shown: kappa compares two readers, and there are 3 here.")
    assert (found.ac.value, found.alpha.value) == (1, 1)
    by_reading = [{"first": 0, "second": 0}, {"first": 1, "second": 1}, {"first": 2, "second": 2}] * 5
    assert report({"caregiver": by_reading})[0].kappa.value == 1


def test_a_third_reader_who_shares_nothing_does_not_matter() -> None:
    assert row([[0, 0, None], [1, 1, None], [None, None, 2]] * 6).kappa.value == 1


def test_labels_of_a_panel() -> None:
    labels = ("harm", "danger", "safety")
    rows = [["harm", "harm", "harm"], ["danger", "danger", None], ["safety", "safety", "danger"]] * 8
    found = row(rows, categories=labels, level="nominal")
    assert found.ac.method.startswith("Gwet's AC1;")
    assert found.alpha == krippendorff_alpha(units(rows), "nominal")


def test_a_year_of_marks_is_quick() -> None:
    chance = random.Random(7)
    criteria = {name: units([[chance.choice(MARKS), chance.choice(MARKS)] for _ in range(200)]) for name in "abcdef"}
    start = time.process_time()
    report(criteria)
    assert time.process_time() - start < 1
