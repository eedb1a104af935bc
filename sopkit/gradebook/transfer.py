"""Coaches' marks, both ways: from the store into nbgrader's gradebook, and what is marked in formgrader back into the store.

**What the gradebook shows for a writing.** The mark of the newest try that has one, among the tries of that class and mode up to
the text that the gradebook holds. So a learner's earlier points stand while a new text waits: nbgrader then has needs_manual_grade,
formgrader lists the writing, and the app shows the earlier mark beside the text that waits. In another class or mode the writing
begins without points. A text that was deleted keeps its points and does not wait.

**What comes back.** What is in the gradebook and was not put there by us is a mark of the text that the gradebook holds: other
points, another comment beside points, or points confirmed for a text that waited. It counts from when it is found, and a mark made
in the app after that takes its place. nbgrader does not tell which text formgrader's user had on the screen: points saved from a
page that was opened before a new text came in are the new text's. A comment alone is no mark: it stays where it is, also under a
mark that comes later. Points taken away are none either: ours return. Extra credit is the gradebook's own: it is neither read nor
written here, and nbgrader adds it to its totals.

**What was put there** is the mark of that exercise that was last noted as published, and those not noted yet, which a process may
have put there before it was killed.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from nbgrader.api import Assignment, Comment, Grade, Gradebook, GradeCell, SolutionCell, SubmittedAssignment, SubmittedNotebook

from sopkit import kinds, responses
from sopkit.academy import Academy
from sopkit.content import Course
from sopkit.errors import ResponseError
from sopkit.kinds import Exercise, Reply, write
from sopkit.marks import FORMGRADER, Mark, Marks, Reading, Writing
from sopkit.store import Store
from sopkit.tables import handins

DECISIONS = {"accept": "Accepted", "again": "Try again", "discuss": "Let's talk"}
ADDED = "\n\nAdded in nbgrader: "
"""Stands before a comment that was written in formgrader without points, where a mark came afterwards."""

_log = logging.getLogger(__name__)


def carry(academy: Academy, store: Store, course: Course, person: str | None = None, lesson: str | None = None) -> bool:
    """Bring the gradebook's marks and the store's together, of everybody and every lesson or of one.

    What is the same already is left alone. One writing that cannot be brought together is logged and holds up no other. Call it
    only while `alone`.

    Returns:
        Whether all could be.
    """
    settled = True
    exercises = {e.ref: e for e in course.exercises.values() if e.marked_by_hand and lesson in (None, e.lesson)}
    tries: dict[tuple[str, str], list[Writing]] = {}
    for writing in Marks(store).writings(list(exercises), person=person):
        tries.setdefault((writing.person, writing.ref), []).append(writing)
    if not tries:
        return settled
    with Gradebook(academy.gradebook_url) as gradebook:
        for who, ref, grade, comment in _rows(gradebook, exercises, person):
            exercise, writings = exercises[ref], tries.get((who, ref), [])
            if writings and not _as_it_should_be(writings, grade, comment):
                try:
                    held = _held(store, exercise, writings, academy.folder / "autograded" / who / exercise.lesson, whole=True)
                    if held is not None:
                        _settle(gradebook, Marks(store), exercise, writings, held, grade, comment)
                except Exception:  # whatever is wrong with one, the others go on
                    settled = False
                    gradebook.db.rollback()
                    _log.exception("The mark of %s on %s is not settled", who, ref)
    return settled


def waiting(store: Store, exercise: Exercise, person: str, folder: Path) -> bool:
    """Return whether the writing in a submission's folder waits for a coach. One that cannot be read waits for a person."""
    try:
        words = _words(exercise, _handed_in(exercise, folder))
    except ResponseError:
        return True
    held = _held(store, exercise, Marks(store).writings([exercise.ref], person=person), folder) if words else None
    return bool(words) and (held is None or held.waits)


@dataclass(frozen=True)
class _Held:
    """A writing as the gradebook holds it: its text's try, and the tries up to it in the same class and mode, oldest first."""

    text: Writing | None
    words: str
    tries: list[Writing]

    @property
    def mark(self) -> Mark | None:
        """The mark that the gradebook shows."""
        return next((writing.first for writing in reversed(self.tries) if writing.first), None)

    @property
    def waits(self) -> bool:
        """Whether a coach has yet to mark the text."""
        return bool(self.words) and (self.text is None or self.text.first is None)


def _held(store: Store, exercise: Exercise, writings: list[Writing], folder: Path, *, whole: bool = False) -> _Held | None:
    """Return what a submission's folder holds, or None where it is no hand-in of ours, or its text is in no try.

    Args:
        whole: also None for a hand-in of which the gradebook may have the text and not yet the scores.
    """
    try:
        stamp = (folder / "timestamp.txt").read_text(encoding="utf-8").strip()
        at = datetime.strptime(stamp, "%Y-%m-%d %H:%M:%S.%f UTC").replace(tzinfo=UTC)
        response = _handed_in(exercise, folder)
    except (OSError, ValueError, ResponseError):
        return None
    where = [handins.c.person == folder.parent.name, handins.c.lesson == exercise.lesson, handins.c.at == at.replace(tzinfo=None)]
    if whole:
        where.append(handins.c.published.is_not(None))
    with store.read() as db:
        source = db.execute(sa.select(handins.c.session, handins.c.mode).where(*where).order_by(handins.c.id.desc())).first()
    if source is None:
        return None
    words = _words(exercise, response)
    tries = [w for w in writings if (w.session, w.mode) == (source.session, source.mode) and w.at <= at]
    text = next((writing for writing in reversed(tries) if _parsed(exercise, writing.response) == response), None)
    if text is None:
        return None if words else _Held(None, "", tries)
    return _Held(text, words, tries[: tries.index(text) + 1])


def _handed_in(exercise: Exercise, folder: Path) -> Reply:
    """Return a submission's response to a writing. Raises ResponseError when it cannot be read."""
    entry = responses.read(folder, exercise.lesson).responses.get(exercise.name)
    return kinds.blank(exercise) if entry is None else kinds.parse(exercise, entry.response)


def _parsed(exercise: Exercise, raw: Any) -> Reply | None:
    with suppress(ResponseError):
        return kinds.parse(exercise, raw)
    return None


def _words(exercise: Exercise, response: Reply) -> str:
    assert isinstance(exercise.body, write.Write)
    assert isinstance(response, write.Response)
    return write.text(exercise.body, response)


def _rows(gradebook: Any, exercises: Mapping[str, Exercise], person: str | None) -> list[tuple[str, str, Any, Any]]:
    """Return (learner, exercise, grade, comment) of each of the exercises (by ref) that anybody has handed in."""
    comments: dict[tuple[str, str], Any] = {
        (comment.notebook_id, name): comment
        for comment, name in gradebook.db.query(Comment, SolutionCell.name).join(SolutionCell, SolutionCell.id == Comment.cell_id)
    }
    query = (
        gradebook.db.query(Grade, SubmittedAssignment.student_id, Assignment.name, GradeCell.name)
        .join(GradeCell, GradeCell.id == Grade.cell_id)
        .join(SubmittedNotebook, SubmittedNotebook.id == Grade.notebook_id)
        .join(SubmittedAssignment, SubmittedAssignment.id == SubmittedNotebook.assignment_id)
        .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
        .filter(GradeCell.name.in_({exercise.name for exercise in exercises.values()}))
    )
    if person is not None:
        query = query.filter(SubmittedAssignment.student_id == person)
    found = [(who, f"{lesson}/{name}", grade, comments.get((grade.notebook_id, name))) for grade, who, lesson, name in query]
    return [row for row in found if row[1] in exercises]  # several lessons may have an exercise of one name


def _settle(gradebook: Any, marks: Marks, exercise: Exercise, tries: list[Writing], held: _Held, grade: Any, comment: Any) -> None:
    """Bring one row of the gradebook and the marks of one learner's writing together."""
    words, known = _words_of(comment), _known(tries)
    last = max((mark for mark in known if mark.published), key=_put_at, default=None)
    put = [mark for mark in known if mark.published is None] + ([last] if last else [])
    ours = grade.manual_score is None or any(_shows(mark, grade.manual_score, words) for mark in put)
    confirmed = grade.manual_score is not None and held.waits and not grade.needs_manual_grade
    mark, waits = held.mark, held.waits
    if not ours and held.text is None:
        return  # points for what nobody wrote: they are the gradebook's own
    if held.text is not None and (not ours or confirmed):
        mark, waits = _bring_back(marks, exercise, held.text, grade.manual_score, words or ""), False
        known.append(mark)
    score, shown = (None, "") if mark is None else (mark.total, _told(mark))
    loose = _loose(words or "", known)
    shown += ADDED + loose if mark is not None and loose else loose
    if not _write(gradebook, grade, {"manual_score": score, "needs_manual_grade": waits}):
        return
    if words not in (None, shown) and not _write(gradebook, comment, {"manual_comment": shown or None}):
        return
    gradebook.db.commit()
    passed = {one.id for writing in held.tries for one in writing.readings} & {one.id for one in put if one.published is None}
    if mark is not None and (passed or last is None or last.id != mark.id):
        marks.published({*passed, mark.id})


def _as_it_should_be(tries: list[Writing], grade: Any, comment: Any) -> bool:
    """Return whether a row needs nothing, as far as that can be told without a look at what was handed in: most rows, most times."""
    known, newest = _known(tries), tries[-1]
    if not known:
        return grade.manual_score is None and bool(grade.needs_manual_grade)
    last = max(known, key=_put_at) if all(mark.published for mark in known) else None
    if last is None or grade.manual_score is None or not _shows(last, grade.manual_score, _words_of(comment)):
        return False
    source = next(writing for writing in tries if writing.attempt == last.attempt)
    waits = source.attempt != newest.attempt
    return grade.needs_manual_grade == waits and (source.session, source.mode) == (newest.session, newest.mode)


def _known(tries: list[Writing]) -> list[Mark]:
    """Return the marks of the tries that may go to the gradebook."""
    return [mark for writing in tries for mark in writing.readings if mark.reading != "second"]


def _words_of(comment: Any) -> str | None:
    """Return what a comment says, or None where the gradebook has no place for one."""
    return None if comment is None else comment.manual_comment or ""


def _write(gradebook: Any, row: Any, new: dict[str, Any]) -> bool:
    """Change a row unless somebody else did since it was read; return whether it is as it should be. The caller commits."""
    old = {name: getattr(row, name) for name in new}
    if old == new:
        return True
    as_read = [getattr(type(row), name) == value for name, value in old.items()]
    if gradebook.db.query(type(row)).filter(type(row).id == row.id, *as_read).update(new, synchronize_session=False):
        return True
    gradebook.db.rollback()  # formgrader saved meanwhile: the next look brings that back
    return False


def _put_at(mark: Mark) -> tuple[datetime | None, int, bool, int]:
    """Return a key that is highest for the mark that was put last. Of marks noted together, it is the one that counts."""
    return mark.published, mark.attempt, mark.reading == "final", mark.id


def _bring_back(marks: Marks, exercise: Exercise, text: Writing, points: float, words: str) -> Mark:
    """Add what somebody marked in formgrader to the store; return it."""
    reading: Reading = "final" if any(mark.reading == "final" for mark in text.readings) else "first"
    at = datetime.now(UTC)
    mark = Mark(text.attempt, FORMGRADER, reading, {}, decision="discuss", step=words, points=points, published=at)
    return replace(mark, id=marks.add(mark, exercise.around.criteria.out_of))


def _told(mark: Mark) -> str:
    """Return a mark's comment in the gradebook."""
    if mark.grader == FORMGRADER:
        return mark.step
    parts = [("What works", mark.strength), ("Next step", mark.step), ("Decision", DECISIONS[mark.decision])]
    return "\n".join(f"{name}: {text}" for name, text in parts if text)


def _shows(mark: Mark, points: float, words: str | None) -> bool:
    """Return whether points and a comment are those that a mark put there."""
    told = _told(mark)
    return mark.total == points and (words is None or words == told or words.startswith(told + ADDED))


def _loose(words: str, known: Iterable[Mark]) -> str:
    """Return what of a comment is no mark's."""
    for told in map(_told, known):
        if words == told:
            return ""
        if words.startswith(told + ADDED):
            return words[len(told + ADDED) :]
    return words
