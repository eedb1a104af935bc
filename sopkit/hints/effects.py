"""What a child did, felt or lost, or may: the other ground of harm and danger statements."""

from __future__ import annotations

from sopkit.hints.lexicon import is_a, lemma_of, verb_form
from sopkit.hints.reading import Reading
from sopkit.hints.text import Span


def effects(reading: Reading) -> tuple[list[Span], list[Span], list[Span]]:
    """Return effects on the child that have happened, those that may, and vague ones."""
    draft, people = reading.draft, reading.people
    real: list[Span] = []
    possible: list[Span] = []
    for span in draft.spans("impact"):
        kind, name = people.subject(span.first, objects=not verb_form(draft.tokens[span.first].lower))
        noun = _noun(reading, span)
        if _only_named(reading, span):
            continue
        if (kind in ("parent", "partner", "professional") and not noun) or name in ("i", "we"):
            continue
        if kind in ("kin", "community", "") and name and not _noun(reading, span):
            continue
        if kind == "pronoun" and not noun and _of_parent_near(reading, span.first):
            continue
        if kind == "pronoun" and _done_to_child(reading, span.last - 1):
            continue
        if kind != "child" and is_a(draft.tokens[span.first].lower, "act") and people.antecedent(span.first) != "child":
            continue
        (possible if reading.mood(span) in ("maybe", "will") else real).append(span)
    for index in range(len(draft) - 1):
        word, after = draft.tokens[index].lower, draft.tokens[index + 1].lower
        unable = word in ("couldn't", "can't") or (word in ("could", "can", "cannot") and after in ("not", "barely", "hardly"))
        body = is_a(word, "body") and any(
            t.lower in ("was", "were", "is", "are", "hurts", "had", "rang") or verb_form(t.lower) == "past"
            for t in draft.tokens[index + 1 : index + 3]
        )
        if (unable and people.subject(index)[0] not in ("parent", "partner", "professional") and draft.mood(index) == "did") or (
            body and draft.mood(index) == "did" and not is_a(lemma_of(draft.tokens[max(0, index - 2)].lower), "act")
        ):
            real.append(Span(index, min(len(draft), index + 3), "impact"))
    vague = [
        span
        for span in draft.spans("impact-vague", quoted=False)
        if not verb_form(draft.tokens[span.first].lower) or people.subject(span.first)[0] not in ("parent", "partner")
    ]
    return real, possible, vague


def child_doings(reading: Reading, mood: str) -> list[Span]:
    """Return verbs a child is the subject of, past or possible, other than plain telling and being."""
    draft, people = reading.draft, reading.people
    spans = []
    for index, token in enumerate(draft.tokens):
        form, lemma = verb_form(token.lower), lemma_of(token.lower)
        if not form or token.quoted or people.at(index) or (is_a(lemma, "telling") and not (mood == "maybe" and is_a(lemma, "state"))):
            continue
        if _told_of_others(reading, index) or is_a(lemma, "no-effect"):
            continue
        if people.subject(index)[0] == "pronoun" and _done_to_child(reading, index):
            continue
        if (
            people.child_does(index)
            and (draft.mood(index) == "maybe") == (mood == "maybe")
            and (form != "ing" or mood == "maybe" or lemma_of(draft.tokens[index - 1].lower) == "be")
        ):
            spans.append(Span(index, index + 1, "doing"))
    return spans


def _done_to_child(reading: Reading, index: int) -> bool:
    """Say whether the child's name follows a verb, so that "she" before it is somebody else: "she did not feed Abe"."""
    after = reading.people.at(index + 1)
    return after is not None and after.kind == "child" and not reading.draft.tokens[after.last - 1].lower.endswith("'s")


def _of_parent_near(reading: Reading, index: int) -> bool:
    """Say whether the pronoun before a verb follows a caregiver by a few words: "Dad was so drunk he fell"."""
    near = [m for m in reading.people.mentions if index - 7 <= m.index < index - 1]
    return (
        bool(near)
        and near[-1].kind in ("parent", "partner")
        and not reading.people.is_object(near[-1])
        and (
            not reading.draft.tokens[near[-1].last - 1].lower.endswith("'s")
            and reading.draft.tokens[near[-1].index].sentence == reading.draft.tokens[index].sentence
        )
    )


def _told_of_others(reading: Reading, index: int) -> bool:
    """Say whether a verb's word stands as a noun ("at every nap", "first grade") or tells what was done to the child ("was left")."""
    tokens = reading.draft.tokens
    before = tokens[index - 1].lower if index else ""
    if is_a(before, "possessive") or before in (
        "every",
        "each",
        "at",
        "in",
        "of",
        "first",
        "second",
        "third",
        "no",
        "those",
        "these",
        "for",
    ):
        return True
    passive = before in ("was", "were", "is", "are", "be", "been", "being") or tokens[max(0, index - 2)].lower in ("been", "was", "were")
    lists = ("act", "vague-act", "label-harm", "system-effect", "child-state")
    return passive and verb_form(tokens[index].lower) in ("past", "part") and any(is_a(tokens[index].lower, kind) for kind in lists)


def will_not(reading: Reading) -> list[Span]:
    """Return what a child no longer does: "has not picked up a crayon since", "would not get back on", "won't let anybody"."""
    draft, people = reading.draft, reading.people
    spans = []
    for index, token in enumerate(draft.tokens[1:], 1):
        if token.quoted or not is_a(token.lower, "no-more") or draft.mood(index) == "maybe":
            continue
        kind, name = people.subject(index)
        ours = kind in ("child", "sibling") or (
            kind == "pronoun" and name in ("he", "she", "they") and people.antecedent(index) in ("child", "sibling", "")
        )
        verb = next((i for i in range(index + 1, min(len(draft), index + 5)) if verb_form(draft.tokens[i].lower)), None)
        if ours and verb and not (kind == "pronoun" and _done_to_child(reading, verb)):
            spans.append(Span(index, verb + 1, "no-more"))
    return spans


def _only_named(reading: Reading, span: Span) -> bool:
    """Say whether an injury is only named: "seizure medicine", "no marks"."""
    tokens = reading.draft.tokens
    after = tokens[span.last].lower if span.last < len(tokens) else ""
    before = tokens[span.first - 1].lower if span.first else ""
    return is_a(after, "remedy") or before in ("no", "without", "any", "never")


def _noun(reading: Reading, span: Span) -> bool:
    """Say whether words stand as a noun: "a bruise", "welts"."""
    tokens = reading.draft.tokens
    form = verb_form(tokens[span.first].lower)
    if not form and tokens[span.last - 1].lower.endswith("s"):
        return True
    if span.first > 1 and tokens[span.first - 1].lower == "and" and form == "base" and reading.draft.mood(span.first) == "maybe":
        return is_a(tokens[span.first - 2].lower, "impact") and not verb_form(tokens[span.first - 2].lower)
    return (
        span.first > 0
        and (is_a(tokens[span.first - 1].lower, "before-noun") or tokens[span.first - 1].lower.isdigit() or span.last - span.first > 1)
        and form in ("", "base")
    )
