"""How well two or more readers agree: weighted kappa, Gwet's AC1/AC2 and Krippendorff's alpha, each with a 95% interval.

Ratings are a list with one mapping for each statement, from reader to label. A reader who is not in it, or whose label is None,
did not read that statement. Every function gives an `Estimate`, or a `NotShown` with the reason in words; never NaN.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Label = int | float | str
Ratings = Sequence[Mapping[str, Label | None]]
Weights = Literal["identity", "quadratic"]
Level = Literal["nominal", "ordinal", "interval"]
Word = Literal["firm", "tentative", "not enough yet"]
Array = NDArray[np.float64]

LEAST = 10
"""How many statements must have two readers before a statistic is shown."""

FIRM, TENTATIVE = 0.80, 0.667
"""Krippendorff's own bounds for alpha."""

RESAMPLES = 2000
SEED = 20110125
"""One seed for all, so that the same marks always show the same interval."""


@dataclass(frozen=True)
class Estimate:
    """A coefficient (1 is full agreement, 0 what chance would give), its 95% interval, and the number of statements it rests on.

    Where statements are few, or most marks are the same, the true value lies outside more often than 1 time in 20: the interval
    shows the least doubt there is.
    """

    value: float
    low: float
    high: float
    n: int
    method: str


@dataclass(frozen=True)
class NotShown:
    """A statistic that would mislead here, and why, in words for a coach."""

    reason: str


@dataclass(frozen=True)
class Row:
    """One line of the report. `n` counts statements with two readers or more; `exact` is the share of equal marks, 0 to 1."""

    criterion: str
    n: int
    exact: float | None
    kappa: Estimate | NotShown
    ac: Estimate | NotShown
    alpha: Estimate | NotShown
    word: Word
    note: str = ""


def report(
    criteria: Mapping[str, Ratings], categories: Sequence[Label] = (0, 1, 2), level: Literal["nominal", "ordinal"] = "ordinal"
) -> list[Row]:
    """Return a row for each criterion, in the order given.

    Where coaches take turns, name the readers by reading ("first", "second") and not by coach: then kappa compares first readings
    with second ones. Kappa is for two readers; AC and alpha take any number. With "nominal" the row holds kappa without weights
    and AC1, with "ordinal" quadratic weights and AC2. `exact` is, for more than two readers, the mean share of equal pairs.

    Raises:
        ValueError: a mark is not among `categories`.
    """
    weights: Weights = "identity" if level == "nominal" else "quadratic"
    rows = []
    for criterion, ratings in criteria.items():
        counts = _shared(_counts(ratings, categories))
        alpha = krippendorff_alpha(ratings, level)
        word = _word(alpha)
        lopsided = counts.size > 0 and counts.sum(0).max() >= 0.8 * counts.sum()
        rows.append(
            Row(
                criterion=criterion,
                n=len(counts),
                exact=float(_pair_agreement(counts, np.eye(len(categories))).mean()) if len(counts) else None,
                kappa=_kappa_of_readers(ratings, categories, weights),
                ac=gwet_ac(ratings, categories, weights),
                alpha=alpha,
                word=word,
                note=_LOPSIDED if lopsided and word != "firm" else "",
            )
        )
    return rows


def weighted_kappa(
    pairs: Sequence[tuple[Label | None, Label | None]], categories: Sequence[Label], weights: Weights = "quadratic"
) -> Estimate | NotShown:
    """Return Cohen's kappa of two readers, with weights by the places of the labels in `categories` (Cohen 1968).

    The interval is a percentile bootstrap over statements. In simulations with marks 0/1/2 and 10 to 100 statements it held the
    true kappa at least as often as the large-sample standard error (Fleiss, Cohen & Everitt 1969) did, and clearly more often when
    most marks were the same. Pairs with a gap do not count.

    Raises:
        ValueError: a label is not among `categories`.
    """
    place = _places(categories)
    units = np.zeros((len(pairs), len(categories), len(categories)))
    for unit, (first, second) in zip(units, pairs, strict=True):
        if first is not None and second is not None:
            unit[_place(place, first), _place(place, second)] = 1
    units = units[units.any(axis=(1, 2))]
    if len(units) < LEAST:
        return _too_few(len(units))
    table = units.sum(0)
    first_share, second_share = table.sum(1) / len(units), table.sum(0) / len(units)
    if max(first_share.max(), second_share.max()) == 1:
        return NotShown("Not shown: one reader gave every statement the same mark. Kappa would say the same whatever the other did.")
    apart = 1 - _weights(weights, len(categories))

    def kappa(tables: Array) -> Array:
        """1 - observed / expected disagreement, for each table of counts."""
        expected = tables.sum(-1)[..., :, None] * tables.sum(-2)[..., None, :] / tables.sum((-1, -2))[..., None, None]
        return _ratio(tables * apart, expected * apart)

    name = "Cohen's kappa" if weights == "identity" else f"Cohen's weighted kappa, {weights} weights"
    return _estimate(name, units, kappa, chance=1 - float(first_share @ second_share))


def gwet_ac(ratings: Ratings, categories: Sequence[Label], weights: Weights = "quadratic") -> Estimate | NotShown:
    """Return Gwet's AC1 ("identity") or AC2 of any number of readers, gaps allowed (Gwet 2008; 2014, chapters 3 and 5).

    The interval is the value plus and minus t (n - 1) times the root of Gwet's variance, kept within -1 and 1. Statements with one
    reader help to tell how common each label is, as Gwet has it.

    Raises:
        ValueError: a label is not among `categories`.
    """
    counts = _counts(ratings, categories)
    counts = counts[counts.sum(1) > 0]
    shared = _shared(counts)
    if len(shared) < LEAST:
        return _too_few(len(shared))
    alike = bool((shared.max(1) == shared.sum(1)).all())
    if not alike and _uniform(shared):
        return _SAME
    n, q = counts.shape
    weight = _weights(weights, q)
    name = "Gwet's AC1" if weights == "identity" else f"Gwet's AC2, {weights} weights"
    each = counts / counts.sum(1, keepdims=True)
    common = each.mean(0)
    scale = weight.sum() / (q * (q - 1))
    by_chance = float(scale * common @ (1 - common))
    agreement = _pair_agreement(shared, weight)
    value = float((agreement.mean() - by_chance) / (1 - by_chance))
    if alike:
        low = _exact_low(len(shared), 1 - float(common @ (1 - common)) / (q - 1))
        return Estimate(1.0, low, 1.0, len(shared), f"{name}; exact limit, no difference seen")
    parts = np.zeros(n)
    parts[counts.sum(1) >= 2] = n / len(shared) * (agreement - by_chance) / (1 - by_chance)
    parts -= 2 * (1 - value) * (scale * each @ (1 - common) - by_chance) / (1 - by_chance)
    error = math.sqrt(float(((parts - value) ** 2).sum()) / (n * (n - 1)))
    reach = _t_975(n - 1) * error
    return Estimate(value, max(-1.0, value - reach), min(1.0, value + reach), len(shared), f"{name}; Gwet's variance")


def krippendorff_alpha(ratings: Ratings, level: Level = "ordinal") -> Estimate | NotShown:
    """Return Krippendorff's alpha of any number of readers, gaps allowed (Krippendorff 2011, "Computing Krippendorff's Alpha-Reliability").

    The interval is a percentile bootstrap over statements, which Zapf et al. (2016, BMC Medical Research Methodology 16:93) found
    better than the resampling of deviations in Hayes & Krippendorff (2007).

    Raises:
        ValueError: a mark is not a finite number, where `level` is "ordinal" or "interval".
    """
    marks = {mark for unit in ratings for mark in unit.values() if mark is not None}
    if level != "nominal" and not all(isinstance(mark, int | float) and math.isfinite(mark) for mark in marks):
        raise ValueError(f"{level} marks are numbers; found {sorted(marks, key=str)}")
    values = sorted(marks, key=str if level == "nominal" else float)
    counts = _shared(_counts(ratings, values))
    if len(counts) < LEAST:
        return _too_few(len(counts))
    if _uniform(counts):
        return _SAME
    coincidences = counts[:, :, None] * counts[:, None, :] - counts[:, :, None] * np.eye(len(values))
    coincidences /= (counts.sum(1) - 1)[:, None, None]

    def alpha(matrices: Array) -> Array:
        """1 - observed / expected disagreement, for each matrix of coincidences."""
        totals = matrices.sum(-1)
        if level == "nominal":
            apart = 1 - np.eye(len(values))
        else:
            points = np.array(values, dtype=float) if level == "interval" else totals.cumsum(-1) - totals / 2
            apart = (points[..., :, None] - points[..., None, :]) ** 2
        expected = totals[..., :, None] * totals[..., None, :] / (totals.sum(-1) - 1)[..., None, None]
        return _ratio(matrices * apart, expected * apart)

    totals = counts.sum(0)
    chance = 1 - float(totals @ (totals - 1) / (totals.sum() * (totals.sum() - 1)))
    return _estimate(f"Krippendorff's alpha, {level}", coincidences, alpha, chance)


_SAME = NotShown("Not shown: every statement got the same marks. This number needs statements with different marks.")
_LOPSIDED = "At least 8 in 10 marks here are the same. Then alpha and kappa say little: look at the share of equal marks too."


def _too_few(n: int) -> NotShown:
    read = {0: "no statement was", 1: "1 statement was"}.get(n, f"{n} statements were")
    return NotShown(f"Not shown: {read} read by two readers; {LEAST} are needed.")


def _word(alpha: Estimate | NotShown) -> Word:
    """Return the standard that alpha meets. "Firm" also asks that the whole interval is at least tentative."""
    if isinstance(alpha, NotShown) or alpha.value < TENTATIVE:
        return "not enough yet"
    return "firm" if alpha.value >= FIRM and alpha.low >= TENTATIVE else "tentative"


def _kappa_of_readers(ratings: Ratings, categories: Sequence[Label], weights: Weights) -> Estimate | NotShown:
    read = [{reader: mark for reader, mark in unit.items() if mark is not None} for unit in ratings]
    shared = [unit for unit in read if len(unit) >= 2]
    readers = sorted(set().union(*shared))
    if len(shared) >= LEAST and len(readers) > 2:
        return NotShown(f"Not shown: kappa compares two readers, and there are {len(readers)} here.")
    return weighted_kappa([(unit.get(readers[0]), unit.get(readers[1])) for unit in shared], categories, weights)


def _places(categories: Sequence[Label]) -> dict[Hashable, int]:
    return {label: place for place, label in enumerate(categories)}


def _place(places: Mapping[Hashable, int], label: Label) -> int:
    if label not in places:
        raise ValueError(f"found {label!r}; expected one of {list(places)}")
    return places[label]


def _counts(ratings: Ratings, categories: Sequence[Label]) -> Array:
    """Return how many readers gave each label to each statement."""
    places = _places(categories)
    counts = np.zeros((len(ratings), len(categories)))
    for count, unit in zip(counts, ratings, strict=True):
        for label in unit.values():
            if label is not None:
                count[_place(places, label)] += 1
    return counts


def _shared(counts: Array) -> Array:
    return np.asarray(counts[counts.sum(1) >= 2])


def _uniform(counts: Array) -> bool:
    """Return whether each statement got the same mix of labels, so that statements do not differ at all."""
    each = counts / counts.sum(1, keepdims=True)
    return bool((each == each[0]).all())


def _weights(weights: Weights, q: int) -> Array:
    """Return q x q agreement weights, 1 for the same label: 1 - (i - j)^2 / (q - 1)^2 when quadratic (Fleiss & Cohen 1973)."""
    if q < 2:
        raise ValueError("agreement needs at least two categories")
    if weights == "identity":
        return np.eye(q)
    places = np.arange(q) / (q - 1)
    return np.asarray(1 - (places[:, None] - places) ** 2)


def _pair_agreement(counts: Array, weights: Array) -> Array:
    """Return, for each statement, the mean weight of its pairs of readers (Gwet 2014, equation for p_a)."""
    readers = counts.sum(1)
    return np.asarray((counts * (counts @ weights - 1)).sum(1) / (readers * (readers - 1)))


def _ratio(observed: Array, expected: Array) -> Array:
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(1 - observed.sum((-1, -2)) / expected.sum((-1, -2)))


def _estimate(name: str, units: Array, statistic: Callable[[Array], Array], chance: float) -> Estimate:
    """Return the statistic of the sum of `units` (n x q x q) and its interval. `chance` is how often chance alone would differ."""
    n, total = len(units), units.sum(0)
    if np.array_equal(total, np.diag(np.diag(total))):
        return Estimate(1.0, _exact_low(n, chance), 1.0, n, f"{name}; exact limit, no difference seen")
    value = float(statistic(total[None])[0])
    patterns, often = np.unique(units, axis=0, return_counts=True)
    draws = np.random.default_rng(SEED).multinomial(n, often / n, size=RESAMPLES)
    drawn = statistic(np.tensordot(draws, patterns, axes=1))
    low, high = np.quantile(drawn[np.isfinite(drawn)], [0.025, 0.975])
    return Estimate(value, min(value, float(low)), max(value, float(high)), n, f"{name}; bootstrap over statements")


def _exact_low(n: int, chance: float) -> float:
    """Return the lower limit when n of n statements were read alike.

    A resample of such statements never differs, which would look like certainty. Up to 1 - 0.025^(1/n) of all statements may
    still be read differently (Clopper & Pearson 1934); where readers who guess differ in a share `chance`, that limits agreement.
    """
    differ = 1 - math.pow(0.025, 1 / n)
    return max(-1.0, 1 - differ / chance)


def _t_975(df: int) -> float:
    """Return the 97.5% point of Student's t for 9 degrees of freedom or more, to 4 digits (Abramowitz & Stegun 26.7.5)."""
    z = 1.959963984540054
    return (
        z
        + (z**3 + z) / (4 * df)
        + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * df**2)
        + (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / (384 * df**3)
        + (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / (92160 * df**4)
    )
