"""The response file: what a learner did in one lesson, beside the notebook it belongs to.

It travels through nbgrader's folders, so it holds responses only, never keys or scores.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from sopkit import kinds
from sopkit.errors import ResponseError
from sopkit.kinds import Exercise, Reply
from sopkit.model import Score, Strict

NAME = "responses.json"
FORMAT = 1


class Entry(Strict):
    """The response in force for one exercise, raw, and the content version it was made under."""

    version: str
    response: Any


class File(Strict):
    """The whole file. Keys of `responses` are exercise names."""

    sopkit: int = FORMAT
    lesson: str
    responses: dict[str, Entry] = {}
    drafts: dict[str, Any] = {}


@dataclass(frozen=True)
class Marked:
    """How one exercise of a response file came out, with a note for the reader when something was amiss."""

    score: Score
    response: Reply | None = None
    notes: tuple[str, ...] = field(default=())


def read(folder: Path, lesson: str) -> File:
    """Return the response file in `folder`, or an empty one when there is none.

    Raises:
        ResponseError: the file is there and cannot be read as one, or belongs to another lesson.
    """
    path = folder / NAME
    if not path.exists():
        return File(lesson=lesson)
    try:
        found = File.model_validate_json(path.read_bytes())
    except (ValidationError, OSError) as error:
        raise ResponseError(lesson, [f"{NAME} cannot be read ({type(error).__name__}). Ask the learner to hand in again."]) from error
    if found.lesson != lesson or found.sopkit != FORMAT:
        raise ResponseError(
            lesson, [f"{NAME} belongs to lesson {found.lesson!r}, format {found.sopkit}. Ask the learner to hand in again."]
        )
    return found


def write(folder: Path, file: File) -> None:
    """Write the response file, whole or not at all."""
    new = folder / (NAME + ".new")
    new.write_text(json.dumps(file.model_dump(), ensure_ascii=False, indent=1), encoding="utf-8")
    new.replace(folder / NAME)


def mark(exercise: Exercise, folder: Path) -> Marked:
    """Return the score of `exercise` from the response file in `folder`.

    Nothing done scores 0. What cannot be read scores 0 too, and the notes say so: a person must look.
    """
    nothing = kinds.grade(exercise, kinds.blank(exercise))
    try:
        entry = read(folder, exercise.lesson).responses.get(exercise.name)
        if entry is None:
            return Marked(nothing, notes=("Nothing was handed in for this exercise.",))
        response = kinds.parse(exercise, entry.response)
    except ResponseError as error:
        return Marked(
            nothing, notes=("This response could not be read, so it has no points yet. A person must look at it.", *error.problems)
        )
    notes = (
        ()
        if entry.version == exercise.version
        else ("The exercise was changed after this response was made. Look whether the score is still fair.",)
    )
    return Marked(kinds.grade(exercise, response), response, notes)
