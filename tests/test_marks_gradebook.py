"""Coaches' marks and nbgrader's gradebook: what goes there, what comes back, and what a process that dies leaves behind."""

from __future__ import annotations

import csv
import itertools
import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from kinds_course import EVERY, build
from nbgrader.api import Gradebook, Student
from nbgrader.preprocessors import SaveAutoGrades
from sample import ROOT

from sopkit import cli, content, gradebook
from sopkit.academy import Academy
from sopkit.apps.workbook import Workbook
from sopkit.content import Course
from sopkit.gradebook import transfer
from sopkit.gradebook.steps import ByHand
from sopkit.marks import FORMGRADER, Mark, Marks, Writing
from sopkit.model import Mode, Person, Session, Setting
from sopkit.store import Store

NAME, OTHER, ALONE = "statement", "parts", "alone"
REF = f"{EVERY}/{NAME}"
FIRST = "A neighbor said that Marek left Petra alone on Tuesday, and that she cried."
SECOND = "A neighbor said that Marek left Petra (6) alone for three hours on Tuesday night, and that she cried and could not sleep."
OUT_OF = 12.0
Row = tuple[float | None, bool, str | None]
"""manual_score, needs_manual_grade, manual_comment."""


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """A released course. Its gradebook, empty, is in empty/gradebook.db."""
    root = tmp_path_factory.mktemp("course")
    build(root)
    shutil.copy(ROOT / "nbgrader_config.py", root)
    assert gradebook.release(root, Academy(root, root / "empty")) == [EVERY]
    return content.load(root)


@pytest.fixture
def academy(course: Course, tmp_path: Path) -> Academy:
    (tmp_path / "academy").mkdir()
    shutil.copy(course.root / "empty" / "gradebook.db", tmp_path / "academy")
    return Academy(course.root, tmp_path / "academy")


@pytest.fixture
def store(academy: Academy) -> Iterator[Store]:
    store = academy.store()
    store.add_people([Person("ana", "Ana Perez"), Person("bo", "Bo Lind")])
    store.put_session(Session("s", "Class", "CODE", "standard", lessons={EVERY: Setting()}))
    yield store
    store.close()


_keys = itertools.count()


def send(store: Store, course: Course, words: str, person: str = "ana", session: str = "s", name: str = NAME) -> int:
    """Send a writing as the trainee's page does, which hands the lesson in; return the attempt."""
    found = store.person(person)
    where = store.session(session)
    assert found and where
    book = Workbook(course, store, found, where, "", "")
    exercise = course.exercises[f"{EVERY}/{name}"]
    response = {"boxes": {exercise.body.boxes[-1].id: words}}
    book("answer", {"ref": exercise.ref, "version": exercise.version, "key": f"key-{next(_keys):08}", "response": response})
    return writings(store, person, exercise.ref)[-1].attempt


def writings(store: Store, person: str = "ana", ref: str = REF) -> list[Writing]:
    return Marks(store).writings([ref], person=person)


def mark(store: Store, attempt: int, points: int = 8, **what: Any) -> Mark:
    """Mark a writing as a coach does."""
    marks = {f"H{line}": 2 if points >= 2 * line else points % 2 if points == 2 * line - 1 else 0 for line in range(1, 7)}
    given = Mark(
        attempt, **{"grader": "coach", "reading": "first", "marks": marks, "strength": "You name Marek.", "step": "Say when."} | what
    )
    assert given.total == points
    Marks(store).add(given, OUT_OF)
    return given


def told(decision: str = "Accepted") -> str:
    return f"What works: You name Marek.\nNext step: Say when.\nDecision: {decision}"


def row(academy: Academy, person: str = "ana", name: str = NAME) -> Row:
    with Gradebook(academy.gradebook_url) as book:
        place = name, EVERY, EVERY, person
        grade, comment = book.find_grade(*place), book.find_comment(*place)
        assert grade.auto_score == 0.0
        return grade.manual_score, grade.needs_manual_grade, comment.manual_comment


def formgrader(academy: Academy, person: str = "ana", name: str = NAME, **saved: Any) -> None:
    """Save points, extra credit or a comment as formgrader's handlers do."""
    with Gradebook(academy.gradebook_url) as book:
        if "comment" in saved:
            book.find_comment(name, EVERY, EVERY, person).manual_comment = saved["comment"]
            book.db.commit()
        if "points" in saved or "extra" in saved:
            grade = book.find_grade(name, EVERY, EVERY, person)
            grade.manual_score, grade.extra_credit = saved.get("points", grade.manual_score), saved.get("extra", grade.extra_credit)
            grade.needs_manual_grade = grade.manual_score is None and grade.auto_score is None
            book.db.commit()


def by_formgrader(store: Store, person: str = "ana") -> list[tuple[int, float | None, str]]:
    """Return (number of the try, points, comment) of every mark that came from formgrader."""
    return [(w.number, m.points, m.step) for w in writings(store, person) for m in w.readings if m.grader == FORMGRADER]


def waiting_for(academy: Academy) -> set[str]:
    """Return whom formgrader's list of manual grading shows."""
    with Gradebook(academy.gradebook_url) as book:
        return {one["student"] for one in book.submission_dicts(EVERY) if one["needs_manual_grade"]}


def set_mode(store: Store, mode: Mode, session: str = "s") -> None:
    store.put_session(Session(session, "Class", "CODE" + session, "standard", lessons={EVERY: Setting(mode, revealed=True)}))


# ---- to the gradebook ----


def test_a_writing_waits_until_a_coach_has_marked_it(course: Course, academy: Academy, store: Store) -> None:
    attempt = send(store, course, FIRST)
    assert gradebook.publish(academy, store, course) == 1
    assert row(academy) == (None, True, None)
    assert row(academy, name=OTHER) == (None, False, None)  # nothing was written there
    assert waiting_for(academy) == {"ana"}
    mark(store, attempt, 8)
    assert gradebook.publish(academy, store, course) == 0
    assert row(academy) == (8.0, False, told())
    assert waiting_for(academy) == set() and Marks(store).unpublished() == []
    with Gradebook(academy.gradebook_url) as book:
        (found,) = [one for one in book.submission_dicts(EVERY) if one["student"] == "ana"]
        assert (found["score"], found["written_score"]) == (8.0, 8.0)
        grade = book.find_grade(NAME, EVERY, EVERY, "ana")
        assert not grade.failed_tests and grade.max_score == OUT_OF  # it is no test that did not pass
    before = (academy.folder / "gradebook.db").stat().st_mtime_ns
    gradebook.publish(academy, store, course)
    assert (academy.folder / "gradebook.db").stat().st_mtime_ns == before  # what is the same is left alone


def test_a_mended_mark_takes_the_place_of_the_one_before(course: Course, academy: Academy, store: Store) -> None:
    attempt = send(store, course, FIRST)
    mark(store, attempt, 8)
    gradebook.publish(academy, store, course)
    mark(store, attempt, 9, decision="discuss")
    gradebook.publish(academy, store, course)
    assert row(academy) == (9.0, False, told("Let's talk")) and by_formgrader(store) == []


@pytest.mark.parametrize(
    ("what", "comment"),
    [
        ({"decision": "again"}, told("Try again")),
        ({"decision": "discuss", "strength": ""}, "Next step: Say when.\nDecision: Let's talk"),
        ({"strength": "", "step": ""}, "Decision: Accepted"),
    ],
)
def test_only_the_parts_that_are_there_are_told(course: Course, academy: Academy, store: Store, what: Any, comment: str) -> None:
    mark(store, send(store, course, FIRST), 5, **what)
    gradebook.publish(academy, store, course)
    assert row(academy) == (5.0, False, comment)


def test_a_marked_writing_that_is_graded_again_does_not_wait_again(course: Course, academy: Academy, store: Store) -> None:
    mark(store, send(store, course, FIRST))
    send(store, course, FIRST, "bo")
    gradebook.publish(academy, store, course)
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    environ = {**os.environ, "PYTHONPATH": str(ROOT), "PATH": path, "SOPKIT_ACADEMY": str(academy.folder)}
    command = [sys.executable, "-m", "nbgrader", "autograde", EVERY, "--force"]
    subprocess.run(command, cwd=academy.root, env=environ, capture_output=True, check=True, timeout=120)
    assert (row(academy), row(academy, "bo")) == ((8.0, False, told()), (None, True, None))
    gradebook.publish(academy, store, course)
    assert (row(academy), row(academy, "bo")) == ((8.0, False, told()), (None, True, None))


@pytest.mark.parametrize("between", [True, False], ids=["publisher ran", "publisher was down"])
def test_earlier_points_stand_while_a_new_text_waits(course: Course, academy: Academy, store: Store, between: bool) -> None:
    mark(store, send(store, course, FIRST), 5, decision="again")
    if between:
        gradebook.publish(academy, store, course)
    second = send(store, course, SECOND)
    gradebook.publish(academy, store, course)
    assert row(academy) == (5.0, True, told("Try again"))
    view = app(store, course)
    assert view["waiting"] and [try_["mark"] and try_["mark"]["points"] for try_ in view["tries"]] == [None, None]
    assert view["tries"][0]["mark"]["decision"] == "again" and view["tries"][1]["mark"] is None
    mark(store, second, 11)
    gradebook.publish(academy, store, course)
    assert row(academy) == (11.0, False, told())
    assert not app(store, course)["waiting"] and Marks(store).unpublished() == []


def app(store: Store, course: Course) -> dict[str, Any]:
    """Return what the trainee's page shows of the writing."""
    person, session = store.person("ana"), store.session("s")
    assert person and session
    return Workbook(course, store, person, session, "", "")("open", {"ref": REF})


def test_a_late_mark_of_an_older_text_leaves_the_newer_one_waiting(course: Course, academy: Academy, store: Store) -> None:
    first = send(store, course, FIRST)
    second = send(store, course, SECOND)
    gradebook.publish(academy, store, course)
    mark(store, first, 4)
    gradebook.publish(academy, store, course)
    assert row(academy) == (4.0, True, told())
    mark(store, second, 9)
    gradebook.publish(academy, store, course)
    mark(store, first, 3, grader="other", reading="final")  # a difference on the older text is settled late
    gradebook.publish(academy, store, course)
    gradebook.publish(academy, store, course)
    assert row(academy) == (9.0, False, told())
    assert by_formgrader(store) == [] and Marks(store).unpublished() == []


def test_the_same_text_sent_again_waits(course: Course, academy: Academy, store: Store) -> None:
    mark(store, send(store, course, FIRST), 5, decision="again")
    gradebook.publish(academy, store, course)
    send(store, course, FIRST)
    gradebook.publish(academy, store, course)
    assert row(academy) == (5.0, True, told("Try again"))


def test_second_readings_stay_here_and_a_final_one_goes(course: Course, academy: Academy, store: Store) -> None:
    attempt = send(store, course, FIRST)
    mark(store, attempt, 8)
    mark(store, attempt, 3, grader="other", reading="second")
    gradebook.publish(academy, store, course)
    assert row(academy) == (8.0, False, told())
    assert writings(store)[0].second and writings(store)[0].second.published is None
    mark(store, attempt, 6, grader="lead", reading="final", decision="discuss")
    gradebook.publish(academy, store, course)
    assert row(academy) == (6.0, False, told("Let's talk"))
    formgrader(academy, points=7.0)
    gradebook.publish(academy, store, course)
    assert writings(store)[0].first == max(writings(store)[0].readings, key=lambda m: m.id)  # it counts after a final one, too
    assert row(academy) == (7.0, False, told("Let's talk")) and by_formgrader(store) == [(1, 7.0, told("Let's talk"))]


def test_points_do_not_pass_into_a_check(course: Course, academy: Academy, store: Store) -> None:
    mark(store, send(store, course, FIRST), 10)
    gradebook.publish(academy, store, course)
    set_mode(store, Mode.CHECK)
    checked = send(store, course, SECOND)
    gradebook.publish(academy, store, course)
    assert row(academy) == (None, True, None)
    formgrader(academy, points=10.0, comment=told())  # the same points again are a mark of the new text
    gradebook.publish(academy, store, course)
    assert row(academy) == (10.0, False, told()) and by_formgrader(store) == [(1, 10.0, told())]
    mark(store, checked, 7)
    gradebook.publish(academy, store, course)
    set_mode(store, Mode.PRACTICE)
    mark(store, send(store, course, FIRST), 12)  # practice after a check stays practice
    for _ in range(2):
        gradebook.publish(academy, store, course)
        assert row(academy) == (7.0, False, told())
    assert len(by_formgrader(store)) == 1


def test_another_class_begins_without_points(course: Course, academy: Academy, store: Store) -> None:
    mark(store, send(store, course, FIRST), 10)
    gradebook.publish(academy, store, course)
    set_mode(store, Mode.PRACTICE, "later")
    send(store, course, SECOND, session="later")
    gradebook.publish(academy, store, course)
    gradebook.publish(academy, store, course)
    assert row(academy) == (None, True, None) and by_formgrader(store) == []


def test_a_mark_without_a_hand_in_waits_for_it(course: Course, academy: Academy, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as context:
        context.setattr(Workbook, "hand_in", lambda self, lesson: None)  # killed before it handed in
        mark(store, send(store, course, FIRST))
    assert gradebook.publish(academy, store, course) == 0
    assert not gradebook.waits(academy, store) and len(Marks(store).unpublished()) == 1
    send(store, course, FIRST, name=OTHER)
    gradebook.publish(academy, store, course)
    assert row(academy) == (8.0, False, told())


def test_one_that_cannot_be_settled_holds_up_no_other(
    course: Course, academy: Academy, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    mark(store, send(store, course, FIRST))
    mark(store, send(store, course, FIRST, "bo"))
    stock = transfer._settle

    def settle(gradebook: Any, marks: Marks, exercise: Any, tries: list[Writing], *rest: Any) -> None:
        stock(gradebook, marks, exercise, tries, *rest)
        if tries[0].person == "ana":
            raise OSError("the disk is full")

    with monkeypatch.context() as context:
        context.setattr(transfer, "_settle", settle)
        assert gradebook.publish(academy, store, course) == 2
    assert row(academy, "bo") == (8.0, False, told())
    gradebook.publish(academy, store, course)
    assert row(academy) == (8.0, False, told()) and by_formgrader(store) == []


def test_what_could_not_be_settled_is_tried_again(course: Course, academy: Academy, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    send(store, course, FIRST)
    gradebook.publish(academy, store, course)
    formgrader(academy, points=5.0)
    with monkeypatch.context() as context:
        context.setattr(Marks, "add", lambda *_: 1 / 0)
        gradebook.publish(academy, store, course)
    assert by_formgrader(store) == [] and not gradebook.waits(academy, store)
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 61)
    assert gradebook.waits(academy, store)
    gradebook.publish(academy, store, course)
    assert by_formgrader(store) == [(1, 5.0, "")] and not gradebook.waits(academy, store)


# ---- from formgrader ----


def test_a_mark_from_formgrader_comes_back_once(course: Course, academy: Academy, store: Store) -> None:
    attempt = send(store, course, FIRST)
    gradebook.publish(academy, store, course)
    formgrader(academy, points=7.5, comment="Who told the *worker*?\n\nSay so.")
    for _ in range(2):
        gradebook.publish(academy, store, course)
        assert row(academy) == (7.5, False, "Who told the *worker*?\n\nSay so.")
    (found,) = writings(store)[0].readings
    assert (found.attempt, found.grader, found.reading, found.points, found.decision) == (attempt, FORMGRADER, "first", 7.5, "discuss")
    assert (found.marks, found.strength, found.step) == ({}, "", "Who told the *worker*?\n\nSay so.")
    assert found.published and Marks(store).unpublished() == []
    (score,) = [a.score for a in store.attempts("ana", "s", ref=REF)]
    assert (score.points, score.out_of, score.grader) == (7.5, OUT_OF, FORMGRADER)
    shown = app(store, course)
    assert not shown["waiting"] and shown["tries"][0]["mark"]["points"] == 7.5
    formgrader(academy, points=7.0)
    gradebook.publish(academy, store, course)
    formgrader(academy, points=7.5)  # and back: each change is a mark of its own
    gradebook.publish(academy, store, course)
    assert [points for _, points, _ in by_formgrader(store)] == [7.5, 7.0, 7.5]


def test_formgrader_s_mark_is_not_overwritten_by_an_older_one_and_gives_way_to_a_newer(
    course: Course, academy: Academy, store: Store
) -> None:
    attempt = send(store, course, FIRST)
    gradebook.publish(academy, store, course)
    mark(store, attempt, 8)
    formgrader(academy, points=3.0)  # before the publisher has seen the coach's mark
    gradebook.publish(academy, store, course)
    assert row(academy) == (3.0, False, None) and by_formgrader(store) == [(1, 3.0, "")]
    gradebook.publish(academy, store, course)
    assert row(academy) == (3.0, False, None) and Marks(store).unpublished() == []
    Marks(store).add(Mark(attempt, "lead", "final", {"H1": 2, "H2": 2}, step="Say when."), OUT_OF)
    gradebook.publish(academy, store, course)
    assert row(academy) == (4.0, False, "Next step: Say when.\nDecision: Accepted")
    assert len(by_formgrader(store)) == 1


@pytest.mark.parametrize("first", ["points", "comment"])
def test_a_changed_part_of_our_mark_comes_back_with_the_rest(course: Course, academy: Academy, store: Store, first: str) -> None:
    mark(store, send(store, course, FIRST), 8)
    gradebook.publish(academy, store, course)
    formgrader(academy, **({"points": 9.0} if first == "points" else {"comment": "Say who told you."}))
    gradebook.publish(academy, store, course)
    expected = (1, 9.0, told()) if first == "points" else (1, 8.0, "Say who told you.")
    assert by_formgrader(store) == [expected] and row(academy) == (expected[1], False, expected[2])


def test_a_mark_of_the_text_there_is_not_given_to_the_next_one(course: Course, academy: Academy, store: Store) -> None:
    send(store, course, FIRST)
    gradebook.publish(academy, store, course)
    formgrader(academy, points=4.0)
    send(store, course, SECOND)  # before the publisher has looked
    gradebook.publish(academy, store, course)
    assert by_formgrader(store) == [(1, 4.0, "")]
    assert row(academy) == (4.0, True, None)


def test_points_confirmed_for_a_new_text_are_its_mark(course: Course, academy: Academy, store: Store) -> None:
    mark(store, send(store, course, FIRST), 5, decision="again")
    gradebook.publish(academy, store, course)
    send(store, course, SECOND)
    gradebook.publish(academy, store, course)
    formgrader(academy, points=5.0)  # formgrader's button Resolve
    for _ in range(2):
        gradebook.publish(academy, store, course)
        assert row(academy) == (5.0, False, told("Try again"))
    assert by_formgrader(store) == [(2, 5.0, told("Try again"))] and not app(store, course)["waiting"]


def test_a_comment_alone_is_no_mark_and_is_not_lost(course: Course, academy: Academy, store: Store) -> None:
    attempt = send(store, course, FIRST)
    gradebook.publish(academy, store, course)
    formgrader(academy, comment="I know this neighbor.")
    gradebook.publish(academy, store, course)
    assert row(academy) == (None, True, "I know this neighbor.") and by_formgrader(store) == []
    mark(store, attempt, 8)
    for _ in range(2):
        gradebook.publish(academy, store, course)
        assert row(academy) == (8.0, False, told() + "\n\nAdded in nbgrader: I know this neighbor.") and by_formgrader(store) == []
    send(store, course, SECOND)
    gradebook.publish(academy, store, course)
    mark(store, writings(store)[-1].attempt, 9, strength="", step="")
    gradebook.publish(academy, store, course)
    assert row(academy) == (9.0, False, "Decision: Accepted\n\nAdded in nbgrader: I know this neighbor.") and by_formgrader(store) == []


def test_points_taken_away_in_formgrader_return(course: Course, academy: Academy, store: Store) -> None:
    mark(store, send(store, course, FIRST), 8)
    send(store, course, FIRST, "bo")
    gradebook.publish(academy, store, course)
    for person in ("ana", "bo"):
        formgrader(academy, person, points=None)
    gradebook.publish(academy, store, course)
    assert row(academy) == (8.0, False, told()) and by_formgrader(store) == []
    assert row(academy, "bo") == (None, True, None)  # and what nobody has marked waits again


@pytest.mark.parametrize("saved", [{"points": 3.0}, {"comment": "Wait."}])
def test_what_formgrader_saves_while_we_write_is_not_lost(
    course: Course, academy: Academy, store: Store, monkeypatch: pytest.MonkeyPatch, saved: Any
) -> None:
    attempt = send(store, course, FIRST)
    mark(store, attempt, 8)
    gradebook.publish(academy, store, course)
    Marks(store).add(Mark(attempt, "lead", "final", {"H1": 2}), OUT_OF)
    stock = transfer._settle

    def settle(*given: Any) -> None:
        formgrader(academy, **saved)  # after we have read
        stock(*given)

    with monkeypatch.context() as context:
        context.setattr(transfer, "_settle", settle)
        gradebook.publish(academy, store, course)
    assert row(academy) == (saved.get("points", 8.0), False, saved.get("comment", told()))
    assert gradebook.waits(academy, store)
    gradebook.publish(academy, store, course)
    assert by_formgrader(store) == [(1, saved.get("points", 8.0), saved.get("comment", told()))]
    assert writings(store)[0].first.grader == FORMGRADER


def test_extra_credit_is_the_gradebook_s_own(course: Course, academy: Academy, store: Store) -> None:
    mark(store, send(store, course, FIRST), 12)
    gradebook.publish(academy, store, course)
    formgrader(academy, extra=2.0)
    gradebook.publish(academy, store, course)
    assert by_formgrader(store) == []
    formgrader(academy, points=11.0)
    gradebook.publish(academy, store, course)
    with Gradebook(academy.gradebook_url) as book:
        grade = book.find_grade(NAME, EVERY, EVERY, "ana")
        assert (grade.manual_score, grade.extra_credit, grade.score) == (11.0, 2.0, 13.0)
    assert by_formgrader(store) == [(1, 11.0, told())]


def test_points_beyond_the_scale_stay_in_the_gradebook_and_count_as_all(course: Course, academy: Academy, store: Store) -> None:
    send(store, course, FIRST)
    gradebook.publish(academy, store, course)
    formgrader(academy, points=40.0)
    for _ in range(2):
        gradebook.publish(academy, store, course)
    assert row(academy)[0] == 40.0 and len(by_formgrader(store)) == 1
    assert store.attempts("ana", "s", ref=REF)[0].score.points == OUT_OF


def test_work_that_is_not_from_here_is_left_to_nbgrader(course: Course, academy: Academy, store: Store) -> None:
    send(store, course, FIRST, "bo")
    gradebook.publish(academy, store, course)
    folder = academy.folder / "submitted"
    shutil.copytree(folder / "bo" / EVERY, folder / "guest" / EVERY)
    (folder / "guest" / EVERY / "timestamp.txt").write_text("2026-01-05 10:00:00.000000 UTC")
    store.add_people([Person("guest", "A Guest")])
    gradebook.grade(academy, EVERY, "guest")
    assert row(academy, "guest") == (None, True, None)
    formgrader(academy, "guest", points=6.0, comment="Good.")
    gradebook.publish(academy, store, course)
    assert row(academy, "guest") == (6.0, False, "Good.")


# ---- deleted words, private words, feedback ----


@pytest.mark.parametrize("marked", [True, False])
def test_a_text_that_was_deleted_keeps_its_points_and_waits_for_nobody(
    course: Course, academy: Academy, store: Store, marked: bool
) -> None:
    attempt = send(store, course, FIRST)
    if marked:
        mark(store, attempt, 8)
    gradebook.publish(academy, store, course)
    feedback = academy.folder / "feedback" / "ana" / EVERY
    feedback.mkdir(parents=True)
    (feedback / f"{EVERY}.html").write_text(FIRST)
    person, session = store.person("ana"), store.session("s")
    assert person and session
    Workbook(course, store, person, session, "", "")("erase", {"ref": REF})
    for _ in range(2):
        gradebook.publish(academy, store, course)
        assert row(academy) == ((8.0, False, told()) if marked else (None, False, None))
    assert not store.unpublished()
    for part in ("submitted", "autograded", "feedback"):
        assert not [p for p in (academy.folder / part).rglob("*") if p.is_file() and FIRST.encode() in p.read_bytes()]
    mark(store, send(store, course, SECOND), 10)
    gradebook.publish(academy, store, course)
    assert row(academy) == (10.0, False, told())


def test_feedback_and_export_have_points_and_comment_as_plain_text_and_nothing_private(
    course: Course, academy: Academy, store: Store
) -> None:
    person, session = store.person("ana"), store.session("s")
    assert person and session
    exercise = course.exercises[f"{EVERY}/{ALONE}"]
    for number, (text, shared) in enumerate([("Nobody may read this.", False), ("My coach may read this.", True)]):
        message = {
            "ref": exercise.ref,
            "version": exercise.version,
            "key": f"alone-{number:08}",
            "response": {"text": text, "shared": shared},
        }
        Workbook(course, store, person, session, "", "")("answer", message)
        attempt = send(store, course, f"{FIRST} <b>{number}</b>")
        (hand_in,) = store.unpublished()
        assert (ALONE in hand_in.responses) is shared
        mark(
            store,
            attempt,
            8,
            strength="<script>alert(1)</script> *You* [name](javascript:alert(2)) </pre><i>her</i>",
            step="Two\n\nlines $$x$$",
        )
        gradebook.publish(academy, store, course)
        path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
        environ = {**os.environ, "PYTHONPATH": str(ROOT), "PATH": path, "SOPKIT_ACADEMY": str(academy.folder)}
        for words in (["generate_feedback", EVERY, "--force"], ["export", "--to", str(academy.folder / "grades.csv")])[: 2 - shared]:
            subprocess.run(
                [sys.executable, "-m", "nbgrader", *words], cwd=academy.root, env=environ, capture_output=True, check=True, timeout=120
            )
        (table,) = csv.DictReader((academy.folder / "grades.csv").open(encoding="utf-8"))
        assert (table["student_id"], float(table["score"])) == ("ana", 8.0)
        feedback = (academy.folder / "feedback" / "ana" / EVERY / f"{EVERY}.html").read_text(encoding="utf-8")
        assert "Score: 8.0 / 12.0" in feedback
        assert "&lt;script&gt;alert(1)&lt;/script&gt; *You* [name](javascript:alert(2)) &lt;/pre&gt;&lt;i&gt;her&lt;/i&gt;" in feedback
        assert "\nNext step: Two\n\nlines $$x$$\nDecision: Accepted</pre>" in feedback
        assert f"&lt;b&gt;{number}&lt;/b&gt;" in feedback and "Waiting for" not in feedback
        files = [path for path in academy.folder.rglob("*") if path.is_file() and "store.db" not in path.name]
        assert [path for path in files if b"My coach may read this." in path.read_bytes()] if shared else True
        assert not [path for path in files if b"Nobody may read this." in path.read_bytes()]


# ---- formgrader itself, and who looks when ----


@contextmanager
def formgrader_server(academy: Academy, log: Path) -> Iterator[Callable[..., str]]:
    """Run a Jupyter server with formgrader on the academy; give a function that asks it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    environ = {**os.environ, "PYTHONPATH": str(ROOT), "PATH": path, "JUPYTER_NO_CONFIG": "1", "SOPKIT_ACADEMY": str(academy.folder)}
    environ["HOME"] = str(log.parent)
    command = [sys.executable, "-m", "jupyter", "server", "--no-browser", "--allow-root", f"--port={port}", "--ServerApp.port_retries=0"]
    command += ["--IdentityProvider.token=t", "--ServerApp.disable_check_xsrf=True"]
    command += ["--ServerApp.jpserver_extensions={'nbgrader.server_extensions.formgrader': True}"]

    def ask(page: str, method: str = "GET", data: Any = None, wait: float = 0.0) -> str:
        until = time.monotonic() + wait
        while True:
            try:
                body = None if data is None else json.dumps(data).encode()
                headers = {"Authorization": "token t", "Content-Type": "application/json"}
                request = urllib.request.Request(f"http://127.0.0.1:{port}/formgrader/{page}", body, headers, method=method)
                with urllib.request.urlopen(request, timeout=60) as answer:
                    return str(answer.read().decode())
            except OSError as error:
                if time.monotonic() > until or hasattr(error, "code"):
                    raise AssertionError(log.read_text()[-3000:]) from error
                time.sleep(0.2)

    with log.open("w") as file:
        server = subprocess.Popen(command, cwd=academy.root, env=environ, stdout=file, stderr=file)
        try:
            ask("manage_assignments", wait=40)
            yield ask
        finally:
            server.terminate()
            server.wait(20)


def test_formgrader_s_own_pages_and_the_publisher_that_watches(course: Course, academy: Academy, store: Store, tmp_path: Path) -> None:
    attempt = send(store, course, f"{FIRST} <script>document.title = 'taken over'</script>")
    environ = {**os.environ, "PYTHONPATH": str(ROOT), "SOPKIT_COURSE": str(academy.root), "SOPKIT_ACADEMY": str(academy.folder)}
    command = [sys.executable, "-m", "sopkit.cli", "publish", "--watch"]
    publisher = subprocess.Popen(command, stdin=subprocess.PIPE, cwd=academy.root, env=environ)
    try:
        with formgrader_server(academy, tmp_path / "server.log") as ask:
            until(lambda: not store.unpublished())
            with Gradebook(academy.gradebook_url) as book:
                submission = book.find_submission_notebook(EVERY, EVERY, "ana").id
            page = ask(f"submissions/{submission}")
            assert f'id="{NAME}-comment"' in page and "A coach marks this one, up to 12 points." in page
            assert "&lt;script&gt;document.title" in page and "<script>document.title" not in page
            (listed,) = json.loads(ask(f"api/submissions/{EVERY}"))[:1]
            assert listed["student"] == "ana" and listed["needs_manual_grade"]
            grades = {one["name"]: one for one in json.loads(ask(f"api/grades?submission_id={submission}"))}
            comments = {one["name"]: one for one in json.loads(ask(f"api/comments?submission_id={submission}"))}
            ask(f"api/comment/{comments[NAME]['id']}", "PUT", comments[NAME] | {"manual_comment": "Say who told you."})
            ask(
                f"api/grade/{grades[NAME]['id']}", "PUT", grades[NAME] | {"manual_score": "6.5", "extra_credit": None}
            )  # the page sends text
            until(lambda: by_formgrader(store))
            assert by_formgrader(store) == [(1, 6.5, "Say who told you.")]
            mark(store, attempt, 9)
            until(lambda: row(academy) == (9.0, False, told()))
            found = json.loads(ask(f"api/comments?submission_id={submission}"))
            assert told() in [one["manual_comment"] for one in found]
            assert json.loads(ask(f"api/submission/{EVERY}/ana/autograde", "POST"))["success"]
            assert row(academy) == (9.0, False, told())
            assert json.loads(ask(f"api/assignment/{EVERY}/ana/generate_feedback", "POST"))["success"]
            assert len(by_formgrader(store)) == 1
    finally:
        assert publisher.stdin
        publisher.stdin.close()
        assert publisher.wait(30) == 0


def until(done: Callable[[], Any], seconds: float = 60.0) -> None:
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end
        time.sleep(0.1)


def test_the_publisher_looks_only_when_something_changed(
    course: Course, academy: Academy, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    attempt = send(store, course, FIRST)
    assert gradebook.waits(academy, store)
    gradebook.publish(academy, store, course)
    gradebook.publish(academy, store, course)  # once more, since the gradebook changed
    assert not gradebook.waits(academy, store)
    formgrader(academy, comment="Hm.")
    assert gradebook.waits(academy, store)
    with gradebook.alone(academy):
        assert gradebook.publish(academy, store, course) == 0
    assert gradebook.waits(academy, store)  # nobody has looked yet
    gradebook.publish(academy, store, course)
    assert not gradebook.waits(academy, store)
    mark(store, attempt, 8)
    assert gradebook.waits(academy, store)
    monkeypatch.setenv("SOPKIT_GRADEBOOK", "postgresql://nowhere/gradebook")  # no file to look at: now and then
    assert gradebook.waits(academy, store)


def test_the_command_looks_even_when_nothing_waits(
    course: Course, academy: Academy, store: Store, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SOPKIT_COURSE", str(academy.root))
    monkeypatch.setenv("SOPKIT_ACADEMY", str(academy.folder))
    send(store, course, FIRST)
    assert cli.main(["publish"]) == 0 and "1 hand-ins" in capsys.readouterr().out
    formgrader(academy, points=2.0)
    assert cli.main(["publish"]) == 0 and capsys.readouterr().out == ""
    assert by_formgrader(store) == [(1, 2.0, "")]


def test_a_lesson_with_marked_writing_can_be_released_again(course: Course, academy: Academy, store: Store) -> None:
    mark(store, send(store, course, FIRST))
    gradebook.publish(academy, store, course)
    assert gradebook.release(course.root, academy) == [EVERY]
    send(store, course, SECOND)
    gradebook.publish(academy, store, course)
    assert row(academy) == (8.0, True, told())


# ---- a process that dies ----

STEPS = [(Marks, "add"), (Marks, "published"), (Store, "published"), (gradebook, "_submit"), (gradebook, "grade"), (gradebook, "note")]
STEPS += [(SaveAutoGrades, "preprocess"), (ByHand, "preprocess")]


def state(academy: Academy) -> Any:
    """Return all that must come out the same however often a publisher died on the way."""
    store = academy.store()
    marks = {
        p: [[(m.grader, m.reading, m.total, m.step, m.published is None) for m in w.readings] for w in writings(store, p)] for p in PEOPLE
    }
    waiting = [one.id for one in store.unpublished()]
    store.close()
    with Gradebook(academy.gradebook_url) as book:
        assert {student.id for student in book.db.query(Student)} == set(PEOPLE)
    return marks, waiting, [row(academy, person) for person in PEOPLE]


PEOPLE = ["ana", "bo"]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="a process is killed in its middle by way of fork")
def test_a_publisher_that_dies_anywhere_loses_and_doubles_nothing(course: Course, academy: Academy, store: Store, tmp_path: Path) -> None:
    first = send(store, course, FIRST)
    send(store, course, FIRST, "bo")
    gradebook.publish(academy, store, course)
    mark(store, first, 5, decision="again")
    formgrader(academy, "bo", points=7.0, comment="Say when.")
    send(store, course, SECOND)
    mark(store, send(store, course, SECOND, "bo"), 11)
    store.close()

    def copy(name: str) -> Academy:
        shutil.copytree(academy.folder, tmp_path / name)
        return Academy(academy.root, tmp_path / name)

    whole = copy("whole")
    steps = run(whole, course, None)
    expected = state(whole)
    assert expected[0] == {
        "ana": [[("coach", "first", 5.0, "Say when.", False)], []],
        "bo": [[(FORMGRADER, "first", 7.0, "Say when.", False)], [("coach", "first", 11.0, "Say when.", False)]],
    }
    assert expected[1:] == ([], [(5.0, True, told("Try again")), (11.0, False, told())])
    assert steps >= 9
    for number in range(1, steps + 1):
        broken = copy(f"broken-{number}")
        assert run(broken, course, number) == -1
        run(broken, course, None)
        assert state(broken) == expected, number
        shutil.rmtree(broken.folder)


def run(academy: Academy, course: Course, dies_at: int | None) -> int:
    """Publish in a process that is killed before its step number `dies_at`; return how many steps it took, or -1."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        count = 0

        def dying(step: Any) -> Any:
            def stepped(*given: Any, **named: Any) -> Any:
                nonlocal count
                count += 1
                if count == dies_at:
                    os._exit(9)
                return step(*given, **named)

            return stepped

        for holder, name in STEPS:
            setattr(holder, name, dying(getattr(holder, name)))
        gradebook.publish(academy, academy.store(), course)
        os.write(write, str(count).encode())
        os._exit(0)
    os.close(write)
    with os.fdopen(read) as said:
        counted = said.read()
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == (9 if dies_at else 0)
    return int(counted or -1)
