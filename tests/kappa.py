"""How near the suggested scores come to people's marks: `python -m tests.kappa <folder>` prints a report on a set of graded statements.

`development` is the set the rules were tuned on from the start. `held-out` was measured once, unseen, and is a second development set since
then. `fresh` is the test set: it is measured by one person and nobody who writes the rules opens it.
"""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from sopkit.hints import SKILLS, hints, suggest

SCORES = (0, 1, 2)


@dataclass
class Agreement:
    """Pairs (a person's mark, the suggested score) of one criterion."""

    pairs: list[tuple[int, int]] = field(default_factory=list)

    @property
    def exact(self) -> float:
        return sum(mark == score for mark, score in self.pairs) / len(self.pairs)

    @property
    def kappa(self) -> float:
        return weighted_kappa(self.pairs)

    def table(self) -> list[list[int]]:
        """Return mark x suggestion counts."""
        counts = Counter(self.pairs)
        return [[counts[mark, score] for score in SCORES] for mark in SCORES]


def weighted_kappa(pairs: Iterable[tuple[int, int]]) -> float:
    """Return Cohen's kappa with quadratic weights (Cohen 1968); 1.0 when both always give one and the same score."""
    pairs = list(pairs)
    marks, scores = Counter(mark for mark, _ in pairs), Counter(score for _, score in pairs)
    seen = sum((mark - score) ** 2 for mark, score in pairs) / len(pairs)
    expected = sum((a - b) ** 2 * marks[a] * scores[b] for a in marks for b in scores) / len(pairs) ** 2
    return 1 - seen / expected if expected else 1.0


def statements(folder: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield (skill, statement) for each graded statement of a folder."""
    for skill in SKILLS:
        path = folder / f"{skill}.yml"
        if path.exists():
            for statement in yaml.safe_load(path.read_text(encoding="utf-8")):
                yield skill, statement


def agreement(folder: Path) -> dict[str, Agreement]:
    """Return criterion -> its agreement, in the order of the rubrics."""
    found: dict[str, Agreement] = defaultdict(Agreement)
    for skill, statement in statements(folder):
        suggested = suggest(skill, statement["text"], statement.get("people") or ())
        for criterion, mark in statement["marks"].items():
            found[criterion].pairs.append((mark, suggested[criterion].score))
    return found


def alarms(folder: Path) -> tuple[list[tuple[str, list[str]]], int]:
    """Return the good statements (all marks 2) that raise a hint, with its questions, and how many good statements there are."""
    raised, good = [], 0
    for skill, statement in statements(folder):
        if set(statement["marks"].values()) == {2}:
            good += 1
            questions = [
                f"{hint.criterion} {hint.question} [{hint.words}]"
                for hint in hints(skill, statement["text"], statement.get("people") or ())
            ]
            if questions:
                raised.append((f"{skill} {statement['id']}", questions))
    return raised, good


def defects(folder: Path) -> Counter[tuple[str, str]]:
    """Return counts of (defect, "hit" | "missed" | "extra"): those named by people against those hinted."""
    counts: Counter[tuple[str, str]] = Counter()
    for skill, statement in statements(folder):
        named = set(statement.get("defects") or ())
        hinted = {hint.defect for hint in hints(skill, statement["text"], statement.get("people") or ())}
        counts.update((defect, "hit") for defect in named & hinted)
        counts.update((defect, "missed") for defect in named - hinted)
        counts.update((defect, "extra") for defect in hinted - named)
    return counts


def report(folder: Path) -> str:
    """Return the whole report as text."""
    lines = [f"{folder.name}: criterion, quadratic-weighted kappa, exact agreement, n; rows are marks 0 1 2, columns suggestions 0 1 2"]
    for criterion, found in agreement(folder).items():
        rows = "  ".join(str(row) for row in found.table())
        lines.append(f"{criterion}  {found.kappa:5.2f}  {found.exact:4.0%}  {len(found.pairs):3d}  {rows}")
    raised, good = alarms(folder)
    lines.append(f"hints on good statements: {len(raised)} of {good}")
    lines += [f"  {name}: {question}" for name, questions in raised for question in questions]
    counts = defects(folder)
    lines.append("defects: hit, missed, extra")
    lines += [
        f"  {name}: {counts[name, 'hit']}, {counts[name, 'missed']}, {counts[name, 'extra']}"
        for name in sorted({name for name, _ in counts})
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    print(report(Path(sys.argv[1])))
