"""Visit notes (V1 to V6): a date and people, what a camera would show, the child's response, both sides, no labels, what was done next."""

from __future__ import annotations

from sopkit.hints.lexicon import is_a, verb_form
from sopkit.hints.notes import child_acts
from sopkit.hints.reading import Mark, Reading
from sopkit.hints.text import Span


def marks(reading: Reading) -> dict[str, Mark]:
    """Score a visit note."""
    return {
        "V1": _facts(reading),
        "V2": _observed(reading),
        "V3": _response(reading),
        "V4": _balance(reading),
        "V5": _inference(reading),
        "V6": _follow_up(reading),
    }


def judgements(reading: Reading) -> list[Span]:
    """Return conclusions and labels that are the writer's own."""
    draft = reading.draft
    spans: list[Span] = []
    for span in draft.spans("quality", "blame", "diagnosis", "jargon", quoted=False):
        general = is_a(draft.tokens[span.first].lower, "child-general") and reading.people.subject(span.first, objects=True)[0] == "child"
        if reading.harmless(span) or (general and not is_a(draft.tokens[span.first].lower, "inner-state")) or _of_a_thing(reading, span):
            continue
        if not any(span.first <= other.last for other in spans):
            spans.append(span)
    return spans


def _of_a_thing(reading: Reading, span: Span) -> bool:
    """Say whether a word that may judge a person tells of a thing or of the writer: "a cold cloth", "I was not comfortable"."""
    tokens = reading.draft.tokens
    after = tokens[span.last].lower if span.last < len(tokens) else "."
    thing = after[0].isalnum() and not reading.people.at(span.last)
    thing = thing and not any(is_a(after, kind) for kind in ("before-object", "quality", "past-auxiliary"))
    mine = reading.people.subject(span.first)[1] == "i" and is_a(tokens[span.first].lower, "inner-state")
    return mine or (thing and is_a(tokens[span.first].lower, "of-things"))


def _observed_spans(reading: Reading) -> list[Span]:
    tokens = reading.draft.tokens
    return [s for s in reading.draft.spans("observe", quoted=False) if not (s.first and is_a(tokens[s.first - 1].lower, "possessive"))]


def _facts(reading: Reading) -> Mark:
    times = reading.times
    people = reading.people.mentions
    got = [bool(times.date), bool(times.clock), bool(people)]
    evidence = (*times.date[:1], *times.clock[:1])
    told = {reading.draft.tokens[s.first].sentence for s in reading.draft.spans("follow-did", "follow-intent", quoted=False)} - {0}
    early = reading.times_outside(told).clock
    if all(got) and early:
        return Mark(2, "Found date, time and people.", evidence)
    if times.date or early or (times.clock and reading.people.named("child", "parent", "partner", "kin", "")):
        return Mark(1, "Some of date, time, place and people.", evidence, "vague_behavior", False)
    return Mark(0, "No date or time.", (), "vague_behavior", True)


def _observed(reading: Reading) -> Mark:
    seen = _observed_spans(reading)
    judged = [s for s in judgements(reading) if not is_a(reading.draft.tokens[s.first].lower, "inner-state")]
    if len(seen) >= 5 and len(judged) * 9 <= len(seen):
        return Mark(2, "Mostly what a camera would show.", reading.quotes(seen))
    if len(seen) >= 2 and len(judged) <= len(seen) + 1:
        return Mark(1, "Acts mixed with conclusions.", reading.quotes(judged or seen), "inference", False)
    return Mark(0, "Mostly conclusions.", reading.quotes(judged), "inference", True)


def _response(reading: Reading) -> Mark:
    child = [span for span in _observed_spans(reading) if child_acts(reading, span.first)]
    general = [s for s in reading.draft.spans("child-general", quoted=False) if _on_child(reading, s)]
    if len(child) >= 1:
        return Mark(2, "Found what the child did or said.", reading.quotes(child))
    if general:
        return Mark(1, "A general word for the child.", reading.quotes(general), "no_child_response", True)
    return Mark(0, "Nothing on the child's response.", (), "no_child_response", True)


def _on_child(reading: Reading, span: Span) -> bool:
    """Say whether a general word ("happy", "really off") is said of the child: not of the first grown-up, not of the visit."""
    kind, name = reading.people.subject(span.first, objects=True)
    sentence = reading.draft.tokens[span.first].sentence
    office = any(reading.draft.tokens[s.first].sentence == sentence for s in reading.draft.spans("office-child"))
    return office or kind == "child" or (kind == "" and bool(name) and name != next(iter(reading.adults), name))


def _balance(reading: Reading) -> Mark:
    seen = _observed(reading).score
    if seen == 0:
        return Mark(0, "Conclusions, so neither side can be seen.", ())
    good = [s for s in reading.draft.spans("protect", quoted=False) if _by_grown_up(reading, s)]
    bad = [s for s in reading.draft.spans("concern", "concern-seen") if _by_grown_up(reading, s) and s.first not in {g.first for g in good}]
    words = (*reading.quotes(good, 2), *reading.quotes(bad, 2))
    left_out = reading.draft.has("left-out", quoted=False)
    clear = _inference(reading).score == 2 or len(good) > 1
    if not left_out and good and clear and (bad or (seen == 2 and reading.count > 80)):
        return Mark(2, "Found care and a concern.", words)
    return Mark(1, "Both sides are not clear.", words)


def _by_grown_up(reading: Reading, span: Span) -> bool:
    """Say whether the caregiver does it: not the child, not the writer, not a professional."""
    kind, name = reading.people.subject(span.first)
    mine = name in ("i", "we") or kind == "professional"
    return not mine and not (verb_form(reading.draft.tokens[span.first].lower) and child_acts(reading, span.first))


def _inference(reading: Reading) -> Mark:
    judged = judgements(reading)
    hard = [s for s in judged if not is_a(reading.draft.tokens[s.first].lower, "inner-state")]
    judged = hard or judged[:1]
    count = len({reading.draft.quote(s.first, s.last).lower() for s in judged})
    if count >= 2:
        return Mark(0, "Conclusions or labels.", reading.quotes(judged, 4), "inference", True)
    if count:
        told = any(is_a(reading.draft.tokens[s.first].lower, "telling-word") or s.last - s.first > 1 for s in judged)
        return Mark(1, "One conclusion or label.", reading.quotes(judged), "inference", told)
    return Mark(2, "No conclusion or label found.")


def _follow_up(reading: Reading) -> Mark:
    draft = reading.draft
    did = draft.spans("follow-did", quoted=False)
    mine = [s for s in did if _by_writer(reading, s.first)]
    plans = draft.spans("follow-intent", quoted=False)
    tokens = draft.tokens
    met = {tokens[m.index].sentence for m in reading.people.mentions if m.kind == "professional" or (m.kind == "" and m.last - m.index > 1)}
    met |= {
        tokens[span.first].sentence for span in draft.spans("agency", "agency-person") if tokens[span.first].lower not in ("me", "us", "we")
    }
    timed = {
        token.sentence
        for token in tokens
        for words in [*reading.times.clock, *reading.times.date, "same day", "that day"]
        if draft.text.startswith(words, token.start)
    }
    timed |= {tokens[s.first].sentence for s in draft.spans("soon-after")}
    if mine and not any(tokens[s.first].sentence in met | timed for s in mine):
        return Mark(1, "Something was done; who was told, and when, is not clear.", reading.quotes(mine))
    if mine:
        return Mark(2, "Found what the writer did.", reading.quotes(mine))
    if plans:
        return Mark(1, "A plan, not yet done.", reading.quotes(plans), "vague_behavior", False)
    return Mark(0, "Nothing on what the writer did.", (), "vague_behavior", True)


def _by_writer(reading: Reading, index: int) -> bool:
    """Say whether the writer is the one who did it: "I told", "Called Ms. Ray", "The worker was told"."""
    tokens = reading.draft.tokens
    if index == 0 or tokens[index - 1].sentence != tokens[index].sentence:
        return True
    sentence = [token.lower for token in tokens if token.sentence == tokens[index].sentence and token.start < tokens[index].start]
    if "i" in sentence or "we" in sentence or "writer" in sentence:
        return reading.people.subject(index)[1] in ("i", "we", "", "writer") or sentence[-1] in ("and", "then", ",")
    return sentence[-1] in ("was", "were", "been", ";", "and", ":") and not reading.people.subject(index)[1]
