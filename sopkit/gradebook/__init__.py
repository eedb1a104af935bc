"""The nbgrader bridge: release lessons, put hand-ins in the gradebook, carry coaches' marks both ways; no learner's code is run.

nbgrader changes the working folder and the environment of its process while it works (and, after a failure, leaves
NBGRADER_EXECUTION set): call `release` and `publish` from a process that serves nobody.
"""

from __future__ import annotations

import json
import logging
import shutil
from datetime import UTC
from pathlib import Path

from nbgrader.api import Gradebook
from nbgrader.converters import Autograde, GenerateAssignment
from nbgrader.utils import rmtree

from sopkit import content, responses
from sopkit.academy import Academy
from sopkit.content import RELEASE, SOURCE, Course, Lesson
from sopkit.errors import CourseError
from sopkit.gradebook.look import LOOK_AGAIN, note, seen, waits
from sopkit.gradebook.running import COURSE_ID, alone, configure, converter, run, step
from sopkit.gradebook.steps import mark_up
from sopkit.gradebook.transfer import carry
from sopkit.model import usable_id
from sopkit.store import HandIn, Store

RELEASE_WAIT = 60.0
"""Seconds that a release waits for a publish that is under way."""

NO_MARKUP = str.maketrans("<>", "‹›")
"""What names must not bring into the gradebook: formgrader writes them into its pages as they are."""

_log = logging.getLogger(__name__)
_log.addHandler(logging.NullHandler())


def publish(academy: Academy, store: Store, course: Course) -> int:
    """Put hand-ins that the gradebook does not have into it, graded, and marks where they lack; return how many hand-ins it took.

    The newest hand-in of a person and lesson stands for the older ones. One that cannot be taken keeps its fault in the
    store, is tried again next time, and holds up no other. Marks go both ways, as `carry` says. When another process is
    publishing, nothing is done here. Whatever a process that was killed left undone, the next one does.
    """
    newest: dict[tuple[str, str], list[HandIn]] = {}
    known: set[str] = set()
    taken = 0
    with alone(academy) as held:
        if not held:
            return 0
        before = seen(academy, store)
        for hand_in in store.unpublished():
            newest.setdefault((hand_in.person, hand_in.lesson), []).append(hand_in)
        for waiting in newest.values():
            waiting.sort(key=lambda hand_in: (hand_in.mode.once, hand_in.id))  # the last one counts
        for (person, lesson), waiting in newest.items():
            fault = None
            if not waiting[-1].mode.once and store.checked(person, lesson):
                for hand_in in waiting:  # practice after a check stays practice: the gradebook keeps the check
                    store.published(hand_in.id)
                continue
            try:
                if lesson not in known:
                    known |= _register(academy, course, lesson)
                carry(academy, store, course, person, lesson)  # a mark made in formgrader is of the text that it replaces
                _submit(academy, store, course, waiting[-1])
                grade(academy, lesson, person)
            except Exception as error:  # whatever is wrong with one hand-in, the others go on
                fault = str(error) or type(error).__name__
                _log.exception("Hand-in %s of %s is not in the gradebook", waiting[-1].id, person)
            for hand_in in waiting[-1:] if fault else waiting:
                store.published(hand_in.id, fault)
            taken += fault is None
        settled = carry(academy, store, course)
        note(academy, before, settled)
    return taken


def grade(academy: Academy, lesson: str, person: str = "*") -> None:
    """Grade what `person` (or everybody) has handed in for `lesson`, as `nbgrader autograde` would, into the gradebook.

    Raises:
        CourseError: nbgrader could not grade; the text says why.
    """
    run(converter(Autograde, academy), assignment_id=lesson, student_id=person)


def release(course_root: Path, academy: Academy) -> list[str]:
    """Release every lesson of the course, without keys; return their ids.

    The nbgrader metadata of the source notebooks is brought up to date on the way. A lesson that cannot be released
    keeps the release it had.

    Raises:
        ContentError: with every fault of the course.
        CourseError: nbgrader refuses, for instance because exercises came or went after work was handed in.
    """
    course = content.load(course_root)
    with alone(academy, RELEASE_WAIT) as held:
        if not held:
            raise CourseError(academy.folder, "The gradebook is busy with hand-ins. Release again in a minute")
        fresh = academy.folder / "releasing"
        generate = converter(GenerateAssignment, academy)
        generate.coursedir.release_directory = step(academy, fresh.name)
        for lesson in course.lessons.values():
            _mark_source(course, lesson)
            try:
                run(generate, assignment_id=lesson.id)
            except CourseError as error:
                raise _explained(error, course, lesson) from error
            _put(fresh / lesson.id, course.root / RELEASE / lesson.id)
        shutil.rmtree(fresh, ignore_errors=True)
    return list(course.lessons)


def _put(new: Path, place: Path) -> None:
    """Put a folder in place of another, with no moment in which neither is there for long."""
    place.parent.mkdir(exist_ok=True)
    beside, old = place.with_name(f".{place.name}.new"), place.with_name(f".{place.name}.old")
    for folder in (beside, old):
        shutil.rmtree(folder, ignore_errors=True)
    shutil.move(new, beside)
    if place.exists():
        place.rename(old)
    beside.rename(place)
    shutil.rmtree(old, ignore_errors=True)


def _mark_source(course: Course, lesson: Lesson) -> None:
    path = course.root / SOURCE / lesson.id / f"{lesson.id}.ipynb"
    before = path.read_text(encoding="utf-8")
    notebook = json.loads(before)
    mark_up(notebook, course, lesson)
    after = json.dumps(notebook, ensure_ascii=False, indent=1) + "\n"
    if json.loads(before) != notebook:
        path.write_text(after, encoding="utf-8", newline="\n")


def _register(academy: Academy, course: Course, lesson: str) -> set[str]:
    """Let a gradebook that is new, beside a course that came released, know the lesson; return the lessons it knows."""
    with Gradebook(academy.gradebook_url, COURSE_ID) as gradebook:
        known = {assignment.name for assignment in gradebook.assignments}
    if lesson in course.lessons and lesson not in known:
        generate = converter(GenerateAssignment, academy)
        generate.coursedir.release_directory = step(academy, "releasing")
        run(generate, assignment_id=lesson)
        shutil.rmtree(academy.folder / "releasing", ignore_errors=True)
        known.add(lesson)
    return known


def _submit(academy: Academy, store: Store, course: Course, hand_in: HandIn) -> None:
    """Write the folder that nbgrader's own collect would have written, whole or not at all."""
    person, lesson = hand_in.person, hand_in.lesson
    if lesson not in course.lessons:
        raise CourseError(course.root / SOURCE / lesson, "There is no such lesson any more")
    submitted = academy.folder / "submitted"
    submitted.mkdir(parents=True, exist_ok=True)
    check_id(person)
    if (submitted / person).exists() and person not in {folder.name for folder in submitted.iterdir()}:
        raise CourseError(submitted / person, "Another learner's id differs only in capitals, and this disk cannot tell them apart")
    new = submitted.with_name("submitting")
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir()
    shutil.copy(course.root / RELEASE / lesson / f"{lesson}.ipynb", new)
    entries = {name.rpartition("/")[2]: responses.Entry.model_validate(raw) for name, raw in hand_in.responses.items()}
    responses.write(new, responses.File(lesson=lesson, responses=entries))
    at = hand_in.at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f UTC")
    (new / "timestamp.txt").write_text(at, encoding="utf-8")
    shutil.rmtree(academy.folder / "feedback" / person / lesson, ignore_errors=True)  # it is of other work, and may hold deleted words
    if (submitted / person / lesson).exists():
        rmtree(str(submitted / person / lesson))
    (submitted / person).mkdir(exist_ok=True)
    new.rename(submitted / person / lesson)
    known = store.person(person)
    name = (known.name if known else person).translate(NO_MARKUP)
    first, _, last = name.strip().rpartition(" ")
    with Gradebook(academy.gradebook_url, COURSE_ID) as gradebook:
        gradebook.update_or_create_student(person, first_name=first or last, last_name=last if first else "")


def check_id(person: str) -> None:
    """Raise CourseError when an id cannot be the name of a folder on every system, or would mean several to nbgrader.

    >>> check_id("a.perez-7@county")
    >>> check_id("../a")
    Traceback (most recent call last):
    sopkit.errors.CourseError: This learner id cannot name a folder (letters, digits, and . _ - @ between them): ../a
    """
    if not usable_id(person):
        raise CourseError(person, "This learner id cannot name a folder (letters, digits, and . _ - @ between them)")


def _explained(error: CourseError, course: Course, lesson: Lesson) -> CourseError:
    if "Cannot add or remove cells" not in str(error) and "Cannot modify existing" not in str(error):
        return error
    text = (
        "Exercises came, went or changed names, and work on this lesson is already in the gradebook, which then allows none of it. "
        "Either put the exercises back as they were, or give the changed lesson a folder and a name of its own, "
        "or finish this academy and start the next with a data folder of its own (SOPKIT_ACADEMY)"
    )
    return CourseError(course.root / SOURCE / lesson.id, text)


__all__ = ["COURSE_ID", "LOOK_AGAIN", "alone", "check_id", "configure", "grade", "mark_up", "publish", "release", "waits"]
