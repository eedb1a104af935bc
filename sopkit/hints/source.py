"""Who said or saw it (H6): verbs of telling and seeing with a person, papers, "according to", "it was reported"."""

from __future__ import annotations

from sopkit.hints.lexicon import verb_form
from sopkit.hints.reading import Mark, Reading
from sopkit.hints.text import Span


def source(reading: Reading) -> Mark:
    """Score H6: a person, a paper or a field that says where it comes from."""
    draft, people = reading.draft, reading.people
    vague = draft.spans("source-vague", quoted=False)
    papers = [
        span
        for span in draft.spans("source-paper", quoted=False)
        if draft.tokens[span.first - 1].lower not in ("those", "these", "his", "her")
    ]
    field = reading.part("told", "reported", "source", "saw", "reporter", "says", "said") if draft.fields() else range(0)
    if any(m.index in field for m in people.mentions):
        return Mark(2, "Found who said or saw it.", (draft.quote(field.start, field.stop),))
    for span in draft.spans("source-from", quoted=False):
        near = [m for m in people.mentions if span.last <= m.index < span.last + 4]
        if near:
            return Mark(2, "Found whom it comes from.", (draft.quote(span.first, near[0].last),))
    for span in draft.spans("source", "source-see", quoted=False):
        if people.at(span.first):
            continue
        kind, name = people.subject(span.first)
        if draft.mood(span.first) != "did" or not _tells(reading, span):
            continue
        told = span.kind == "source"
        if (
            (told and (kind not in ("", "pronoun") or name[:1].isupper() or name == "i"))
            or kind in ("professional", "community", "kin")
            or (name[:1].isupper() and kind in ("", "sibling"))
        ):
            return Mark(2, "Found who said or saw it.", (name, draft.quote(span.first, span.last)))
        if told and kind == "pronoun" and people.antecedent(span.first) and not vague:
            return Mark(2, "Found who said or saw it.", (draft.quote(span.first, span.last),))
    if papers:
        return Mark(2, "Found where it is written.", reading.quotes(papers))
    if vague:
        return Mark(1, "Somebody said it, but not who.", reading.quotes(vague), "no_source", True)
    unseen = not draft.has("source", "source-see", "source-paper", "source-from", "account")
    return Mark(0, "No one who said or saw it was found.", (), "no_source", unseen)


def _tells(reading: Reading, span: Span) -> bool:
    """Say whether a verb of telling or seeing is done by somebody: "told", "both say", "was seen by two teachers"; not "to tell"."""
    tokens, people = reading.draft.tokens, reading.people
    form = verb_form(tokens[span.first].lower)
    before = [token.lower for token in tokens[max(0, span.first - 8) : span.first] if token.sentence == tokens[span.first].sentence]
    if _passive(reading, span):
        return tokens[min(span.last, len(tokens) - 1)].lower == "by" and any(
            span.last < m.index < span.last + 4 for m in people.of("professional", "community", "kin", "parent", "child")
        )
    if form == "base":
        return bool({"and", "both", "all", "i"} & set(before[-5:])) or before[-1:] == ["parents"]
    return form != "ing" or "been" in before[-1:]


def _passive(reading: Reading, span: Span) -> bool:
    before = [token.lower for token in reading.draft.tokens[max(0, span.first - 2) : span.first]]
    return bool({"was", "were", "been", "be", "is"} & set(before))
