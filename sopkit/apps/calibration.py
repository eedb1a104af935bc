"""Coaches calibrating with one another: the warm-up, how well readings agree, and where they differ."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from sopkit import agreement
from sopkit.agreement import Estimate, NotShown, Row
from sopkit.apps.marking import Marking, pseudonym, rubric_view
from sopkit.errors import Refusal
from sopkit.kinds.rubric import TOP, Rubric
from sopkit.marks import Writing


class Calibration:
    """One coach among the others."""

    def __init__(self, marking: Marking) -> None:
        self.marking, self.course = marking, marking.course

    def state(self) -> list[dict[str, Any]]:
        """Return, for each kind of writing that the course has, whether this coach has warmed up on it."""
        used = dict.fromkeys(e.around.criteria.id for e in self.course.exercises.values() if e.marked_by_hand)
        return [{"rubric": id, "title": self.course.rubrics[id].title, "warmed": self.marking.warmed(id)} for id in used]

    def warm_up(self, rubric: Any) -> dict[str, Any]:
        """Return the samples of a rubric's warm-up without their marks, and those that this coach has marked with them."""
        found = self._rubric(rubric)
        told = {
            entry.data["exemplar"]: entry.data["marks"]
            for entry in self.marking.log.read("warm-up", by=self.marking.person.id, about=found.id)
        }
        samples = []
        for exemplar in found.exemplars:
            yours = told.get(exemplar.id)
            known = {"yours": yours, "marks": exemplar.marks, "why": exemplar.why} if yours else {"yours": None, "marks": None, "why": None}
            samples.append({"id": exemplar.id, "family": exemplar.family, "text": exemplar.text, **known})
        same, within, of = _near(found, told)
        return {
            "rubric": rubric_view(found), "samples": samples, "needed": min(len(samples), 3), "warmed": self.marking.warmed(found.id),
            "same": same, "within": within, "of": of,
        }  # fmt: skip

    def warmed(self, rubric: Any, exemplar: Any, marks: Any) -> dict[str, Any]:
        """Take a coach's marks on one warm-up sample; its known marks are told from then on."""
        found = self._rubric(rubric)
        fits = isinstance(marks, dict) and set(marks) == set(found.ids) and all(type(m) is int and 0 <= m <= TOP for m in marks.values())
        if exemplar not in {one.id for one in found.exemplars} or not fits:
            raise Refusal("malformed", "Each line needs a mark of 0, 1 or 2.")
        done = {entry.data["exemplar"] for entry in self.marking.log.read("warm-up", by=self.marking.person.id, about=found.id)}
        if exemplar not in done:
            self.marking.log.add("warm-up", self.marking.person.id, found.id, exemplar=exemplar, marks=marks)
        return self.warm_up(rubric)

    def agreement(self) -> dict[str, Any]:
        """Return how well two readings agree, and how often coaches agreed with the hints, for each kind of writing; and what differs."""
        by_rubric: dict[str, list[Writing]] = {}
        for writing in self.marking.writings():
            by_rubric.setdefault(self.course.exercises[writing.ref].around.criteria.id, []).append(writing)
        skills = []
        for id, writings in by_rubric.items():
            rubric = self.course.rubrics[id]
            skills.append({
                "rubric": id, "title": rubric.title, "readers": self._rows(rubric, _two_readers(writings), "was read by two coaches"), "hints": self._rows(rubric, _with_hints(writings), "was marked with hints"),
            })  # fmt: skip
        return {
            "skills": skills,
            "differ": [self._differing(one) for one in self.marking.writings() if self.marking.wanted(one) == "final"],
        }

    def _rows(self, rubric: Rubric, ratings: list[dict[str, dict[str, int]]], done: str) -> list[dict[str, Any]]:
        lines = {
            c.id: [{reader: marks[c.id] for reader, marks in one.items() if c.id in marks} for one in ratings] for c in rubric.criteria
        }
        names = {criterion.id: criterion.name for criterion in rubric.criteria}
        return [_row(names[row.criterion], row, done) for row in agreement.report(lines)]

    def _differing(self, writing: Writing) -> dict[str, Any]:
        rubric = self.course.exercises[writing.ref].around.criteria
        first, second = writing.first, writing.second
        assert first is not None
        assert second is not None
        lines = [c.name for c in rubric.criteria if first.marks.get(c.id) != second.marks.get(c.id)]
        return {
            "attempt": writing.attempt,
            "label": pseudonym(writing),
            "skill": rubric.title,
            "text": self.marking.text(writing),
            "lines": lines,
        }

    def _rubric(self, rubric: Any) -> Rubric:
        found = self.course.rubrics.get(rubric) if isinstance(rubric, str) else None
        if found is None:
            raise Refusal("unknown", "There is no such kind of writing here.")
        return found


def _two_readers(writings: list[Writing]) -> list[dict[str, dict[str, int]]]:
    """Return the marks of the first and the second reading, before differences were settled."""
    found = []
    for writing in writings:
        first = next((mark for mark in writing.readings if mark.reading == "first" and mark.marks), None)
        if first is not None and writing.second is not None:
            found.append({"first": dict(first.marks), "second": dict(writing.second.marks)})
    return found


def _with_hints(writings: list[Writing]) -> list[dict[str, dict[str, int]]]:
    """Return what the hints suggested beside what the coach marked."""
    readings = [mark for writing in writings for mark in writing.readings if mark.reading == "first"]
    return [{"hints": dict(mark.suggested), "coach": dict(mark.marks)} for mark in readings if mark.suggested and mark.marks]


def _near(rubric: Rubric, told: dict[str, dict[str, int]]) -> tuple[int, int, int]:
    """Return in how many lines the warm-up marks are the known ones, in how many within one step, and of how many."""
    pairs = [(told[one.id][line], one.marks[line]) for one in rubric.exemplars if one.id in told for line in rubric.ids]
    return sum(a == b for a, b in pairs), sum(abs(a - b) <= 1 for a, b in pairs), len(pairs)


def _row(name: str, row: Row, done: str) -> dict[str, Any]:
    return {
        "line": row.criterion, "name": name, "n": row.n, "exact": row.exact, "word": row.word, "note": row.note,
        "kappa": _statistic(row.kappa, done), "ac2": _statistic(row.ac, done), "alpha": _statistic(row.alpha, done),
    }  # fmt: skip


def _statistic(value: Estimate | NotShown, done: str) -> dict[str, Any]:
    """Return a statistic for the page; `done` says, where it is not shown, what too few statements were."""
    return (
        {"reason": value.reason.replace("was read by two readers", done).replace("were read by two readers", done.replace("was", "were"))}
        if isinstance(value, NotShown)
        else asdict(value)
    )
