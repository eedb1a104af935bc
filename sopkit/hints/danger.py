"""Danger statements (D1 to D6): who is worried that which caregiver may do what, and what it may do to the child."""

from __future__ import annotations

from itertools import pairwise

from sopkit.hints.acts import acts, adult_doings, complying, conditional, only_care
from sopkit.hints.effects import child_doings, effects
from sopkit.hints.lexicon import is_a, lemma_of, verb_form
from sopkit.hints.reading import Mark, Reading
from sopkit.hints.text import Span


def marks(reading: Reading) -> dict[str, Mark]:
    """Score a danger statement."""
    done, maybe = acts(reading)
    return {
        "D1": _worried(reading),
        "D2": _feared(reading, done, maybe),
        "D3": _future(reading, done, maybe),
        "D4": _possible_effect(reading, maybe),
        "D5": reading.plain("D5"),
        "D6": _no_service(reading, done, maybe),
    }


def _worried(reading: Reading) -> Mark:
    draft, people = reading.draft, reading.people
    agency = others = False
    evidence: list[Span] = []
    for first, stop, last in _worries(reading):
        words = {token.lower.split("'")[0] for token in draft.tokens[first:stop]}
        office = [*draft.spans("agency", "agency-person"), *(Span(m.index, m.last, "") for m in people.of("professional"))]
        who = [m for m in people.mentions if first <= m.index < stop and m.kind != "professional"]
        agency = agency or bool({"we", "our", "us"} & words) or any(first <= span.first < stop for span in office)
        others = others or bool(who) or bool({"i", "my", "me"} & words)
        evidence.append(Span(first, last, "worry"))
    if agency and others:
        return Mark(2, "The agency and others who share the worry.", reading.quotes(evidence, 2))
    if agency or others:
        return Mark(1, "Someone is worried; who else shares it?", reading.quotes(evidence, 2), "nobody_worried", False)
    unsaid = not any(is_a(t.lower, "worry") for t in draft.tokens if t.lower != "feared") and not draft.has("worry-phrase")
    return Mark(0, "Nobody is said to be worried.", (), "nobody_worried", unsaid)


def _worries(reading: Reading) -> list[tuple[int, int, int]]:
    """Return (first token, one after those who are worried, one after the worry's word) for each place that tells of a worry."""
    draft = reading.draft
    tokens = draft.tokens
    found = []
    if reading.has_part("worried", "worries"):
        field = reading.part("worried", "worries")
        found.append((field.start, field.stop, field.stop))
    phrases = {span.first: span.last for span in draft.spans("worry-phrase", quoted=False)}
    for index, token in enumerate(tokens):
        if index not in phrases and not is_a(token.lower, "worry"):
            continue
        first, last = next((a, b) for a, b in draft.sentences if a <= index < b)
        before = [t.lower for t in tokens[first:index]]
        after = tokens[index + 1].lower if index + 1 < len(tokens) else ""
        if token.lower in ("scared", "afraid", "nervous") and (
            "so" in before[-2:] or not (after == "that" or any(t.lower in ("may", "might", "could") for t in tokens[index:last]))
        ):
            continue
        if token.lower == "feared" or {"there", "there's"} & set(before[-3:]):
            continue
        stop = index
        if after == "?" and last < len(tokens):  # "Who is worried? The school, ..."
            last = next(b for a, b in draft.sentences if a == last)
            stop = last
        elif (
            before[-1:] in (["it"], ["this"], ["that"])
            or "what" in before[:2]
            or {"of", "shared", "from", "by", "with", "share", "we"} & {t.lower for t in tokens[index + 1 : index + 3]}
            or index in phrases
        ):
            stop = next((i for i in range(index + 1, last) if tokens[i].lower in (":", "that", "is", "how")), min(last, index + 14))
        elif after == ":":
            stop = next(
                (i for i in range(index + 2, last) if is_a(tokens[i].lower, "finite") or verb_form(tokens[i].lower) in ("past", "s")), last
            )
            stop = stop if stop == last else index
        found.append((first, stop, min(last, index + 1)))
    return found


def _feared(reading: Reading, done: list[Span], maybe: list[Span]) -> Mark:
    draft = reading.draft
    vague = {span.first for span in draft.spans("vague-act")}
    labels = {index for span in draft.spans("label-harm", "service") for index in range(span.first, span.last)}
    clear = [span for span in maybe if span.first not in vague and span.first not in labels and not only_care(reading, span)]
    if not clear and not reading.services and not draft.has("diagnosis", "label-harm"):
        clear = adult_doings(reading, "maybe")
    context = draft.spans("trigger")
    if draft.has("blames-survivor", quoted=False):
        blamed = reading.quotes(draft.spans("blames-survivor"))
        return Mark(int(bool(maybe)), "The survivor's choice stands where the act should.", blamed, "wrong_focus", False)
    if clear and (context or reading.times.exact or " like " in draft.plain or " as " in draft.plain):
        return Mark(2, "Found what the caregiver may do, and when.", reading.quotes([*clear, *context]))
    if clear or maybe:
        return Mark(1, "An act, with no detail of when or how.", reading.quotes(maybe), "vague_behavior", bool(maybe) and not clear)
    clear_done = [span for span in done if span.first not in vague and span.first not in labels]
    clear_done = [span for span in clear_done if not is_a(lemma_of(draft.tokens[span.first].lower), "arguing")]
    if clear_done and (reading.times.exact or draft.has("trigger", "scene-place")):
        return Mark(2, "Found what the caregiver did, and when.", reading.quotes(clear_done))
    if done:
        return Mark(1, "Only what has happened.", reading.quotes(done), "past_not_future", False)
    if draft.has("label-harm", "condition-of-care") and effects(reading)[1]:
        named = reading.quotes(draft.spans("label-harm", "condition-of-care"))
        return Mark(1, "A name for it, with no act.", named, "vague_behavior", False)
    if draft.has("diagnosis"):
        return Mark(
            0, "A condition, not something a caregiver may do.", reading.quotes(draft.spans("diagnosis")), "condition_not_behavior", True
        )
    if draft.has("service"):
        return Mark(
            0,
            "A service, not something a caregiver may do with the child.",
            reading.quotes(draft.spans("service")),
            "service_not_behavior",
            True,
        )
    return Mark(0, "No act of a caregiver found.", (), "vague_behavior", not any(draft.mood(i) == "maybe" for i in range(len(draft))))


def _future(reading: Reading, done: list[Span], maybe: list[Span]) -> Mark:
    draft = reading.draft
    ahead = [
        Span(i, i + 1, "maybe")
        for i, token in enumerate(draft.tokens)
        if token.lower in ("may", "might", "could", "will", "can", "would", "if") and draft.mood(i) != "did"
    ]
    if not ahead and (draft.has("ahead") or (not done and not reading.services and _worried_about(reading))):
        return Mark(1, "A worry, with nothing that may happen.", reading.quotes(draft.spans("ahead")), "past_not_future", False)
    if not ahead:
        return Mark(0, "It tells what has happened; nothing looks ahead.", reading.quotes(done), "past_not_future", True)
    if done and not maybe:
        return Mark(1, "It tells mostly what has happened.", reading.quotes(done), "past_not_future", False)
    return Mark(2, "It looks ahead.", reading.quotes(ahead))


def _worried_about(reading: Reading) -> bool:
    tokens = reading.draft.tokens
    return any(is_a(token.lower, "worry") and after.lower in ("about", "for", "of") for token, after in pairwise(tokens))


def _possible_effect(reading: Reading, maybe: list[Span]) -> Mark:
    real, possible, vague = effects(reading)
    possible = [span for span in possible if not any(span.first == act.first for act in maybe) and not _of_caregiver(reading, span)]
    vague = [span for span in [*vague, *reading.draft.spans("weak-effect", quoted=False)] if not _of_caregiver(reading, span)]
    exaggerated = reading.draft.spans("exaggerate", quoted=False)
    if exaggerated and len({lemma_of(reading.draft.tokens[span.last - 1].lower) for span in possible}) < 2:
        return Mark(1, "The effect sounds larger than one can know.", reading.quotes(exaggerated), "not_credible", not possible)
    if possible:
        return Mark(2, "Found what may happen to the child.", reading.quotes(possible))
    doings = [span for span in child_doings(reading, "maybe") if not (reading.draft.has("threat") or _of_caregiver(reading, span))]
    if doings and not vague and not exaggerated:
        return Mark(2, "Found what may happen to the child.", reading.quotes(doings))
    if vague or exaggerated:
        return Mark(1, "The effect on the child has no picture.", reading.quotes([*vague, *exaggerated]), "vague_impact", True)
    if later := _later(reading):
        return Mark(2, "Found what may happen to the child.", reading.quotes(later))
    if real and not maybe and any(is_a(token.lower, "worry") for token in reading.draft.tokens):
        return Mark(1, "Found an effect on the child; it has happened.", reading.quotes(real), "past_not_future", False)
    touched = [m for m in reading.people.of("child") if reading.draft.mood(m.index) != "did"]
    return Mark(
        0,
        "No possible effect on the child found.",
        (),
        "lacks_impact",
        not touched and sum(t.lower in ("may", "might", "could") for t in reading.draft.tokens) < 2,
    )


def _of_caregiver(reading: Reading, span: Span) -> bool:
    """Say whether a state is the caregiver's, or a trigger, and no effect: "when he gets lonely", "Kim may get upset"."""
    draft, people = reading.draft, reading.people
    tokens = draft.tokens
    ahead = [i for i, token in enumerate(tokens) if token.text in ("may", "might", "could", "will", "would") and not people.at(i)]
    if conditional(reading, span.first) and not any(tokens[i].clause == tokens[span.first].clause and i < span.first for i in ahead):
        return True
    kind, name = people.subject(span.first)
    if {token.lower for token in tokens[max(0, span.first - 6) : span.first]} & {"who", "which", "that"}:
        return False
    return bool(ahead and name) and kind == "" and name == people.subject(ahead[0])[1]


def _later(reading: Reading) -> list[Span]:
    """Return the second and later "may", "might", "could" of a draft where somebody or something else is the subject."""
    draft, people = reading.draft, reading.people
    ahead = [i for i, token in enumerate(draft.tokens) if token.text in ("may", "might", "could") and draft.mood(i) == "maybe"]
    subjects = [people.subject(i) for i in ahead]
    return (
        [Span(i, min(len(draft), i + 3), "later") for i, who in zip(ahead, subjects, strict=True) if who != subjects[0]]
        if reading.child
        else []
    )


def _no_service(reading: Reading, done: list[Span], maybe: list[Span]) -> Mark:
    draft = reading.draft
    threats = draft.spans("threat", quoted=False)
    services = reading.services
    if threats:
        return Mark(0, "It holds what the agency or court may do.", reading.quotes(threats), "threat_of_agency_action", True)
    comply = complying(reading)
    feared = [s for s in maybe if s.first not in comply and not is_a(lemma_of(draft.tokens[s.first].lower), "arguing")]
    lived = [s for s in done if s.first not in comply and not is_a(lemma_of(draft.tokens[s.first].lower), "arguing")]
    if services and not feared and not lived and not adult_doings(reading):
        condition = draft.has("diagnosis")
        return Mark(int(condition), "The worry is about a service.", reading.quotes(services), "service_not_behavior", not condition)
    if services and (comply or not feared or draft.has("comply-only")):
        return Mark(1, "A service stands beside the worry.", reading.quotes(services), "service_not_behavior", False)
    return Mark(2, "No service or threat found.")
