"""The release: what a learner may hold. Each exercise without its key, as JSON, in a folder that stands on its own.

Keys are in .yml files and releases in .json files, so that no step of nbgrader, told to ignore *.yml, can copy a key.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from sopkit import kinds
from sopkit.content import RELEASE, Course, Lesson
from sopkit.errors import CourseError
from sopkit.kinds import Exercise, Rubric
from sopkit.model import Family, Option, Profile

COURSE = "course.json"
_FAMILY = TypeAdapter(Family)


def files(course: Course, lesson: Lesson) -> Iterator[tuple[str, str]]:
    """Yield (name, text) of each file of a lesson's release but its notebook."""
    profile = course.profiles[course.default_profile]
    head = {
        "title": course.title,
        "lesson": lesson.id,
        "number": lesson.number,
        "lesson_title": lesson.title,
        "options": [option.model_dump() for option in course.options.values()],
        "questions": course.questions,
        "asked": course.asked,
        "profile": profile.model_dump(mode="json"),
        "exercises": [exercise.name for exercise in course.of(lesson.id)],
    }
    yield COURSE, _text(head)
    for exercise in course.of(lesson.id):
        family = _FAMILY.dump_python(exercise.family, mode="json") if exercise.family else None
        rubric = public(exercise.rubric).model_dump(mode="json") if exercise.rubric else None
        body = kinds.strip(exercise.keyed).model_dump(mode="json")
        told = {"number": exercise.number, "version": exercise.version, "family": family, "rubric": rubric, "body": body}
        yield f"{exercise.name}.json", _text(told)


def public(rubric: Rubric) -> Rubric:
    """Return what a learner may hold of a rubric: no comments of the coaches' bank and no warm-up samples."""
    criteria = [criterion.model_copy(update={"comments": []}) for criterion in rubric.criteria]
    return rubric.model_copy(update={"criteria": criteria, "coach_only": None, "strengths": [], "exemplars": []})


def is_fresh(course: Course) -> bool:
    """Return whether what is released is what the course says now."""
    return all(
        _same(course.root / RELEASE / lesson.id / name, text) for lesson in course.lessons.values() for name, text in files(course, lesson)
    )


def _same(path: Path, text: str) -> bool:
    return path.is_file() and path.read_text(encoding="utf-8") == text


def read(folder: Path) -> Course:
    """Return the course of one released lesson, without keys.

    Raises:
        CourseError: `folder` holds no release, or one that cannot be read.
    """
    try:
        head = json.loads((folder / COURSE).read_text(encoding="utf-8"))
        profile = Profile.model_validate_json(json.dumps(head["profile"]))
        options = {o["id"]: Option.model_validate(o) for o in head["options"]}
        exercises = {e.ref: e for e in (_exercise(folder, head["lesson"], name) for name in head["exercises"])}
        lesson = Lesson(head["lesson"], head["number"], head["lesson_title"], ())
    except (OSError, ValueError, KeyError, TypeError, ValidationError) as error:
        raise CourseError(folder, "This folder does not hold a whole released lesson. Get it again from your academy") from error
    families = {e.family.id: e.family for e in exercises.values() if e.family}
    rubrics = {e.rubric.id: e.rubric for e in exercises.values() if e.rubric}
    return Course(
        folder, head["title"], profile.id, options, head["questions"], tuple(head["asked"]), {profile.id: profile}, families, rubrics, {lesson.id: lesson}, exercises
    )  # fmt: skip


def _exercise(folder: Path, lesson: str, name: str) -> Exercise:
    data: dict[str, Any] = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
    family = _FAMILY.validate_python(data["family"]) if data["family"] else None
    rubric = Rubric.model_validate(data["rubric"]) if data["rubric"] else None
    body = kinds.KINDS[data["body"]["kind"]].RELEASED.model_validate(data["body"])
    return Exercise(f"{lesson}/{name}", data["number"], body, data["version"], family, rubric)


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"
