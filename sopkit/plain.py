"""A response as plain HTML: for graded notebooks, feedback files and paper. Everything a person typed is escaped."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from sopkit import kinds
from sopkit.kinds import Exercise
from sopkit.model import Option, Score
from sopkit.responses import Marked


def html(exercise: Exercise, marked: Marked, options: Mapping[str, Option]) -> str:
    """Return the response with each part's outcome, as a table with a heading."""
    score = marked.score
    labels = {option.id: option.label for option in options.values()}
    response = marked.response or kinds.blank(exercise)
    lines = kinds.rows(exercise, response, labels)
    rows = "".join(f"<tr>{''.join(f'<td>{_cell(cell)}</td>' for cell in row)}</tr>" for row in lines)
    notes = "".join(f"<p><em>{escape(note)}</em></p>" for note in marked.notes)
    return (
        f"<section><h3>{escape(exercise.number)} {escape(exercise.body.title)}</h3>"
        f"<p>{points(exercise, score)}</p>{notes}"
        f"<table><thead><tr><th>Words</th><th>Response</th><th>Outcome</th></tr></thead><tbody>{rows}</tbody></table></section>"
    )


def points(exercise: Exercise, score: Score) -> str:
    """Return the score in words."""
    if exercise.marked_by_hand and not score.grader:
        written = score.parts.get("") == "waiting"  # these words last: the coach's marks come later, beside them
        return f"A coach marks this one, up to {score.out_of:g} points." if written else "Nothing was written."
    return f"{score.points:g} of {score.out_of:g} points." if score.out_of else "Not scored."


def _cell(text: str) -> str:
    return escape(text).replace("\n", "<br>")
