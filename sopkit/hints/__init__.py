"""Gentle questions about a draft for its writer, and suggested scores for the coach. Simple word rules: they can be wrong.

>>> suggest("harm-statement", "Dad neglected him last week.")["H2"].score
0
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import lru_cache

from sopkit.hints import danger, goal, harm, network, objective, plan, visit
from sopkit.hints.identifiers import Identifier as Identifier
from sopkit.hints.identifiers import identifiers as identifiers
from sopkit.hints.lexicon import is_a, verb_form
from sopkit.hints.questions import ORDER, question, words
from sopkit.hints.reading import Mark, Reading

RUBRICS: dict[str, Callable[[Reading], dict[str, Mark]]] = {
    "harm-statement": harm.marks,
    "danger-statement": danger.marks,
    "safety-goal": goal.marks,
    "safety-plan-step": plan.marks,
    "case-plan-objective": objective.marks,
    "visit-note": visit.marks,
    "network-commitment": network.marks,
}
SKILLS = tuple(RUBRICS)
_MOST = 3
_LONG = 60
_BLANK = re.compile(
    r"_{3,}|\[[^\]]*\]|<[^>]*>|\((?:name|caregiver|child|who|what|when|date|behavior|impact|source)[^)]*\)|\.{4,}|\bX{2,}\b|…{2,}",
    re.IGNORECASE,
)
_NOT_PARTS = ("H3", "H5", "D3", "D5", "D6", "G5", "G6", "P4", "P6", "O6", "V5")


@dataclass(frozen=True)
class Hint:
    """A question for the writer; `words` are the draft's words that raised it, "" when something is absent."""

    criterion: str
    defect: str
    question: str
    words: str


@dataclass(frozen=True)
class Suggestion:
    """A score (0, 1, 2) for the coach to agree with or overrule, with the draft's exact words."""

    criterion: str
    score: int
    evidence: tuple[str, ...]
    why: str


def suggest(skill: str, draft: str, people: Collection[str] = ()) -> dict[str, Suggestion]:
    """Return a suggestion for every criterion of a skill. `people` are the practice family's names. KeyError for an unknown skill."""
    marks, _ = _marks(skill, draft, tuple(people))
    return {
        name: Suggestion(name, mark.score, tuple(dict.fromkeys(words for words in mark.evidence if words and words in draft)), mark.why)
        for name, mark in marks.items()
    }


def hints(skill: str, draft: str, people: Collection[str] = ()) -> list[Hint]:
    """Return a few questions, the most important first; none for a good draft, or for one that is mostly not in English."""
    marks, reading = _marks(skill, draft, tuple(people))
    if not draft.strip() or _other_language(reading):
        return []
    if empty := _nothing_to_read(reading):
        first = next(iter(marks))
        return [Hint(first, "too_short", question(first, Mark(0, empty, (), "too_short"), reading), "")]
    raised = [(name, marks[name]) for name in ORDER if name in marks and _certain(marks[name], reading)]
    asked = [Hint(name, mark.defect, question(name, mark, reading), words(mark)) for name, mark in raised]
    once = {hint.question: hint for hint in reversed(asked)}
    return [hint for hint in asked if once[hint.question] is hint][:_MOST]


def found(skill: str, draft: str, people: Collection[str] = ()) -> dict[str, str]:
    """Return criterion -> the draft's words, for each part of the formula that is there."""
    return {
        name: suggestion.evidence[0]
        for name, suggestion in suggest(skill, draft, people).items()
        if suggestion.score == 2 and suggestion.evidence and name not in _NOT_PARTS
    }


@lru_cache(maxsize=8)
def _marks(skill: str, draft: str, people: tuple[str, ...]) -> tuple[dict[str, Mark], Reading]:
    """Read a draft. Brothers and sisters are children where harm is told, and grown-up helpers where plans are made."""
    told = skill in ("harm-statement", "danger-statement", "visit-note")
    reading = Reading(draft, people, "sibling" if told else "kin")
    marks = RUBRICS[skill](reading)
    if empty := _nothing_to_read(reading):
        marks = dict.fromkeys(marks, Mark(0, empty))
    return marks, reading


def _certain(mark: Mark, reading: Reading) -> bool:
    """Say whether a mark is safe enough to ask about. That something is missing is hard to tell in a long and full draft."""
    return bool(mark.sure and mark.defect and mark.score < 2 and (mark.evidence or reading.count <= _LONG))


def _nothing_to_read(reading: Reading) -> str:
    """Return why a draft cannot be read: too short, no words of a language, or a form not filled in; "" when it can."""
    tokens = reading.draft.tokens
    if reading.count < 3:
        return "Too short to read."
    if len(_BLANK.findall(reading.draft.text)) > 1:
        return "Blanks are not filled in."
    known = sum(
        is_a(token.lower, kind)
        for token in tokens
        for kind in ("possessive", "link-word", "spanish", "before-object", "after-name", "past-auxiliary")
    )
    verbs = sum(bool(verb_form(token.lower)) for token in tokens if token.is_word)
    return "" if known - sum(token.text in ",(" for token in tokens) + verbs > 0 else "No sentence found."


def _other_language(reading: Reading) -> bool:
    tokens = [token.lower for token in reading.draft.tokens if token.is_word and not token.quoted]
    return sum(is_a(word, "spanish") for word in tokens) > 0.12 * len(tokens)
