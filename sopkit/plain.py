"""A response as plain HTML: for graded notebooks, feedback files and paper. Everything a person typed is escaped."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from sopkit.kinds import Exercise, classify, tag
from sopkit.model import Option
from sopkit.responses import Marked

_WORDS = {
    "fits": "fits", "not-quite": "not quite", "passed": "passed", "blank": "not answered", "talk": "to talk about, not scored",
    "found": "found", "partial": "partly found", "different": "different tag", "missed": "missed", "extra": "no tag needed",
    "left": "left alone", "either": "either way is fine",
}  # fmt: skip


def html(exercise: Exercise, marked: Marked, options: Mapping[str, Option]) -> str:
    """Return the response with each part's outcome, as a table with a heading."""
    score = marked.score
    rows = "".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in _rows(exercise, marked, options))
    notes = "".join(f"<p><em>{escape(note)}</em></p>" for note in marked.notes)
    return (
        f"<section><h3>{escape(exercise.number)} {escape(exercise.body.title)}</h3>"
        f"<p>{score.points:g} of {score.out_of:g} points.</p>{notes}"
        f"<table><thead><tr><th>Words</th><th>Response</th><th>Outcome</th></tr></thead><tbody>{rows}</tbody></table></section>"
    )


def _rows(exercise: Exercise, marked: Marked, options: Mapping[str, Option]) -> list[tuple[str, str, str]]:
    def label(option: str | None) -> str:
        return "" if option is None else options[option].label if option in options else option

    response = marked.response
    if isinstance(exercise.body, classify.Deck):
        answers = response.answers if isinstance(response, classify.Response) else {}
        return [
            (item.text, label(answers[item.id].choice) if item.id in answers else "", _WORDS[marked.score.parts[item.id]])
            for item in exercise.body.items
        ]
    assert isinstance(exercise.keyed, tag.Tag)
    marks = response if isinstance(response, tag.Response) else tag.Response(marks=[])
    return [
        (segment.part.quote, label(segment.yours), _WORDS[segment.state]) for segment in tag.segments(exercise.keyed, exercise.story, marks)
    ]
