"""The trainee's page: lessons with progress, live exercises, handing in. Nothing here may import pandas or nbgrader."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import nh3
from markdown_it import MarkdownIt

from sopkit import kinds
from sopkit.apps.own import Own
from sopkit.content import Course, Lesson
from sopkit.errors import Refusal, ResponseError
from sopkit.kinds import Exercise, Reply
from sopkit.model import Attempt, Mode, Person, Session, Setting
from sopkit.record import record
from sopkit.sitting import Again, InStore, Sitting, wording, work
from sopkit.store import Store

Progress = dict[str, tuple[int, int, bool]]
"""How far each exercise of a lesson is: answered, how many there are, begun."""

LOOKS_BACK = "**Talk at your table"


class Workbook:
    """One trainee's workbook: answers each request of the player."""

    def __init__(self, course: Course, store: Store, person: Person, session: Session, health: str, academy: str) -> None:
        self.course, self.store, self.person = course, store, person
        self.session_id, self.health, self.academy = session.id, health, academy
        self.profile = course.profile(session.profile)
        self.own = Own(course, store, person, session.id)
        self.coming_back: dict[str, tuple[datetime, frozenset[str]]] = {}  # practice under way, by exercise

    def __call__(self, kind: str, message: Mapping[str, Any]) -> dict[str, Any]:
        match kind:
            case "hello":
                return self.hello()
            case "lesson":
                return self.lesson(self._lesson(message.get("lesson")))
            case "open":
                view = self.sitting(message.get("ref")).view()
                if not view["open"] and not view.get("answers") and not view.get("sent"):
                    raise Refusal("closed", "Your trainer opens this exercise in class.")
                return view
            case "draft":
                sitting = self.sitting(message.get("ref"))
                return {**sitting.save_draft(message.get("revision"), message.get("draft")), "saved_at": _now()}
            case "answer":
                sitting = self.sitting(message.get("ref"))
                told = sitting.answer(message.get("version"), message.get("key"), message.get("response"))
                if sitting.exercise.marked_by_hand:  # what goes to the coach goes to the gradebook too
                    self.hand_in(self.course.lessons[sitting.exercise.lesson])
                return {**told, "saved_at": _now()}
            case "hints":
                return self.sitting(message.get("ref")).hints(message.get("response"))
            case "practise":
                return self.practise(message.get("ref"))
            case "practised":
                return self.practised(message)
            case "record":
                return self.own.record()
            case "export":
                return self.own.export()
            case "erase":
                return self.own.erase(message.get("ref"))
            case "seen":
                return self.own.seen(message.get("mark"))
            case "hand_in":
                return {"hand_in": self.hand_in(self._lesson(message.get("lesson")))}
        raise Refusal("unknown", "This page asked for something that is not known here. Reload the page.")

    @property
    def session(self) -> Session:
        """The session as it is now: a trainer may have changed it."""
        found = self.store.session(self.session_id)
        if found is None:
            raise Refusal("closed", "This class is no longer here. Ask your trainer for the new class code.")
        return found

    def sitting(self, ref: Any) -> Sitting:
        """Return the sitting at one exercise of an open or closed lesson of this session."""
        exercise = self.course.exercises.get(ref) if isinstance(ref, str) else None
        if exercise is None or exercise.lesson not in self.session.lessons:
            raise Refusal("unknown", "This exercise is not part of your class. Go back to the lesson list.")
        keep = InStore(self.store, self.person.id, self.session_id, exercise.ref)
        return Sitting(self.course, exercise, keep, self.person, self.profile)

    def practise(self, ref: Any) -> dict[str, Any]:
        """Open the cards of one exercise that are due again."""
        sitting = self.sitting(ref)
        due = self.own.due().get(sitting.exercise.ref)
        if not due:
            raise Refusal("nothing_due", "Nothing is due here today. Come back when your start page says so.")
        self.coming_back[sitting.exercise.ref] = datetime.now(UTC), frozenset(due)
        return self._again(sitting.exercise.ref).view()

    def practised(self, message: Mapping[str, Any]) -> dict[str, Any]:
        """Take an answer to a card that came back."""
        told = self._again(message.get("ref")).answer(message.get("version"), message.get("key"), message.get("response"))
        return {**told, "saved_at": _now()}

    def _again(self, ref: Any) -> Sitting:
        sitting = self.sitting(ref)
        if sitting.exercise.ref not in self.coming_back:
            raise Refusal("nothing_due", "Open this practice again from your start page.")
        since, items = self.coming_back[sitting.exercise.ref]
        keep = Again(self.store, self.person.id, self.session_id, sitting.exercise.ref, since)
        return Sitting(self.course, sitting.exercise, keep, self.person, self.profile, items)

    def hello(self) -> dict[str, Any]:
        """Return who this is, the lesson list with progress, what is next, and what practice shows so far."""
        session = self.session
        mine = [lesson for lesson in self.course.lessons.values() if lesson.id in session.lessons]
        progress = {lesson.id: self._progress(lesson, session) for lesson in mine}
        return {
            "surface": "workbook",
            "person": {"id": self.person.id, "name": self.person.name},
            "academy": self.academy,
            "session": {"title": session.title, "code": session.code},
            "health": self.health,
            "sign_out": "/logout",
            **wording(self.course, self.profile),
            "lessons": [self._summary(lesson, session, progress[lesson.id]) for lesson in mine],
            "next": self._next(session, progress),
            "record": record(self.course, self._told(session)),
            "feedback": self.own.feedback(),
            "practice": self.own.practice(),
        }

    def lesson(self, lesson: Lesson) -> dict[str, Any]:
        """Return a lesson's text and exercises, in order, with what this person has done."""
        session = self.session
        setting = session.lessons[lesson.id]
        progress = self._progress(lesson, session)
        blocks: list[dict[str, Any]] = []
        shown = self._summary(lesson, session, progress)
        begun = shown["open"] or shown["state"] != "new"
        for block, step in zip(lesson.blocks, steps(lesson), strict=True):
            if block.markdown is not None and begun:
                blocks.append({"type": "text", "step": step, "html": to_html(block.markdown)})
            elif block.ref in self.course.exercises:
                exercise = self.course.exercises[block.ref]
                done, total, started = progress[exercise.ref]
                state = "done" if done >= total else "started" if started else "new"
                common = {"type": "exercise", "step": step, "ref": exercise.ref, "kind": exercise.body.kind, "number": exercise.number}
                common |= {"layout": getattr(exercise.body, "layout", None), "rubric": exercise.rubric.title if exercise.rubric else None}
                blocks.append(
                    common
                    | {
                        "title": exercise.body.title,
                        "state": state,
                        "done": done,
                        "total": total,
                        "minutes": exercise.kind.minutes(exercise.body),
                    }
                )
        return {
            **shown,
            "mode": str(setting.mode),
            "blocks": blocks,
            "hand_in": self._hand_in_state(lesson, setting),
        }

    def hand_in(self, lesson: Lesson) -> dict[str, Any]:
        """Hand in what is in force now; it may be handed in again."""
        session = self.session
        setting = session.lessons[lesson.id]
        if not (session.open and setting.open):
            raise Refusal("closed", "Your trainer has closed this lesson. Ask your trainer to open it again to hand in.")
        responses = work(self.course, self.store, self.person.id, self.session_id, lesson.id, setting.mode)
        if not responses:
            raise Refusal("blank", "There is nothing to hand in yet. Do at least one exercise first.")
        self.store.hand_in(self.person.id, self.session_id, lesson.id, responses, setting.mode)
        return self._hand_in_state(lesson, setting)

    def _lesson(self, lesson: Any) -> Lesson:
        if not isinstance(lesson, str) or lesson not in self.course.lessons or lesson not in self.session.lessons:
            raise Refusal("unknown", "This lesson is not part of your class. Go back to the lesson list.")
        return self.course.lessons[lesson]

    def _attempts(self, lesson: Lesson, mode: Mode) -> list[Attempt]:
        found = self.store.attempts(self.person.id, self.session_id, lesson=lesson.id)
        return [attempt for attempt in found if attempt.mode is mode]

    def _progress(self, lesson: Lesson, session: Session) -> Progress:
        """Return (done, total, started) for each exercise of a lesson."""
        items: dict[str, set[str]] = {}
        for attempt in self._attempts(lesson, session.lessons[lesson.id].mode):
            items.setdefault(attempt.ref, set()).add(attempt.item)
        drafts = self.store.draft_refs(self.person.id, self.session_id)
        return {
            exercise.ref: (
                exercise.done(items.get(exercise.ref, set())),
                exercise.size,
                exercise.ref in items or exercise.ref in drafts,
            )
            for exercise in self.course.of(lesson.id)
        }

    def _summary(self, lesson: Lesson, session: Session, progress: Progress) -> dict[str, Any]:
        done = sum(done >= total for done, total, _ in progress.values())
        state = "done" if done == len(progress) else "started" if any(started for *_, started in progress.values()) else "new"
        is_open = session.open and session.lessons[lesson.id].open
        return {
            "id": lesson.id,
            "number": lesson.number,
            "title": lesson.title,
            "open": is_open,
            "state": state,
            "done": done,
            "total": len(progress),
        }

    def _next(self, session: Session, progress: Mapping[str, Progress]) -> dict[str, Any] | None:
        for lesson, exercises in progress.items():
            if not session.lessons[lesson].open:
                continue
            for ref, (done, total, started) in exercises.items():
                if done < total:
                    exercise = self.course.exercises[ref]
                    where = f"{done} of {total} {exercise.kind.UNIT} done." if done else "You have begun." if started else ""
                    text = f"{where} About {exercise.kind.minutes(exercise.body)} minutes.".strip()
                    return {"lesson": lesson, "ref": ref, "title": exercise.body.title, "text": text}
        return None

    def _hand_in_state(self, lesson: Lesson, setting: Setting) -> dict[str, Any]:
        last = self.store.last_hand_in(self.person.id, self.session_id, lesson.id)
        if last is None:
            return {"state": "none", "at": None, "message": None, "scores": None}
        attempts = self._attempts(lesson, setting.mode)
        changed = any(attempt.at > last.at for attempt in attempts)
        scores = None
        if last.mode is Mode.PRACTICE or setting.revealed:
            scores = []
            for exercise in self.course.of(lesson.id):
                entry = last.responses.get(exercise.name)
                if entry is None:
                    continue
                score = kinds.grade(exercise, _fitting(exercise, entry["response"]))
                state = "scored"
                if exercise.marked_by_hand:
                    score = next((a.score for a in reversed(attempts) if a.ref == exercise.ref), score)
                    state = "scored" if score.grader else "waiting"
                if score.out_of:
                    points = {"points": score.points, "out_of": score.out_of, "state": state}
                    scores.append({"ref": exercise.ref, "title": exercise.body.title, **points})
        message = (
            "Your work is saved. It is waiting to be put in the gradebook." if last.published is None else "Your work is in the gradebook."
        )
        return {"state": "changed" if changed else "sent", "at": last.at.isoformat(), "message": message, "scores": scores}

    def _told(self, session: Session) -> list[Attempt]:
        """Return the first attempts whose outcome this person may know."""
        found = self.store.attempts(self.person.id, self.session_id)
        firsts = [attempt for attempt in found if attempt.number == 1]
        revealed = {lesson for lesson, setting in session.lessons.items() if setting.revealed}
        return [a for a in firsts if a.mode is Mode.PRACTICE or a.ref.split("/")[0] in revealed]


def _fitting(exercise: Exercise, raw: Any) -> Reply:
    """Return `raw` as a response, or the blank one where there is none, or none that fits an exercise changed since."""
    try:
        return kinds.blank(exercise) if raw is None else kinds.parse(exercise, raw)
    except ResponseError:
        return kinds.blank(exercise)


def steps(lesson: Lesson) -> list[str | None]:
    """Return, for each block of a lesson, the exercise it is shown with; None for what closes the lesson.

    Text leads up to the exercise after it, but a "Talk at your table" looks back at the one before.
    """
    found: list[str | None] = []
    for index, block in enumerate(lesson.blocks):
        back = block.markdown is not None and block.markdown.startswith(LOOKS_BACK)
        nearby = reversed(lesson.blocks[:index]) if back else iter(lesson.blocks[index:])
        found.append(next((other.ref for other in nearby if other.ref is not None), None))
    return found


_markdown = MarkdownIt("commonmark", {"html": False}).enable("table")


def to_html(markdown: str) -> str:
    """Return lesson Markdown as HTML without scripts, styles, or anything loaded from elsewhere."""
    html: str = _markdown.render(markdown)
    return nh3.clean(html, tags=nh3.ALLOWED_TAGS - {"img", "area", "map"}, url_schemes={"http", "https", "mailto"})


def _now() -> str:
    return datetime.now(UTC).isoformat()
