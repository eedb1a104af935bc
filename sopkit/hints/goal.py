"""Safety goals (G1 to G6): who will do what instead, for the child, how long, seen by whom."""

from __future__ import annotations

from sopkit.hints.doing import VAGUE_LENGTHS, distinct, doings, service_is_goal, vague_words, watching_of, witnesses
from sopkit.hints.lexicon import Lexicon, is_a, lemma_of, verb_form
from sopkit.hints.reading import Mark, Reading
from sopkit.hints.text import Span


def marks(reading: Reading) -> dict[str, Mark]:
    """Score a safety goal."""
    return {
        "G1": _who(reading),
        "G2": behavior(reading),
        "G3": for_child(reading),
        "G4": _over_time(reading),
        "G5": no_service(reading),
        "G6": _plain(reading),
    }


def _who(reading: Reading) -> Mark:
    adults = reading.adults
    roles = reading.people.of("parent", "kin", "partner", "community")
    tokens = reading.draft.tokens
    network = [
        m
        for m in reading.people.of("kin", "community", "partner")
        if not m.name and not reading.people.is_object(m) and not (m.index and is_a(tokens[m.index - 1].lower, "kind-of"))
    ]
    network += [
        m for m in roles if m.kind == "parent" and not m.name and m.index > 1 and tokens[m.index - 2].lower in ("and", "with", "or")
    ]
    kin_too = {m.kind for m in roles if not reading.people.is_object(m)}
    if len(adults) > 1 or (adults and network) or ("parent" in kin_too and network):
        return Mark(2, "A caregiver and someone else act.", tuple(adults[:3]))
    acting = [m for m in [*reading.people.named("parent", "partner", "kin", "community", ""), *roles] if not reading.people.is_object(m)]
    if reading.draft.has("agency") and not acting:
        return Mark(0, "The agency acts.", reading.quotes(reading.draft.spans("agency")), "no_caregiver", False)
    if adults or roles:
        words = tuple(adults[:1]) or (reading.draft.quote(roles[0].index, roles[0].last),)
        return Mark(1, "A caregiver alone.", words, "no_caregiver", False)
    return Mark(0, "Nobody of the family acts.", reading.quotes(reading.draft.spans("agency")), "no_caregiver", True)


def behavior(reading: Reading) -> Mark:
    """Score G2 and O2: something new that can be seen done."""
    draft = reading.draft
    watching = watching_of(reading)
    links = {
        draft.tokens[span.first].sentence: span.first
        for span in reversed(draft.spans("link-child"))
        if draft.tokens[span.first].lower == "so"
    }
    found = [s for s in doings(reading) if s.first not in watching and s.first < links.get(draft.tokens[s.first].sentence, len(draft))]
    vague = vague_words(reading)
    hedged = len(draft.spans("hedge", quoted=False)) > 1
    absent = draft.spans("absence", quoted=False)
    services = reading.services
    count, empty = distinct(reading, found), distinct(reading, vague)
    main = service_is_goal(reading)
    if count >= 3 and empty <= count and not (main and count < 3) and not hedged:
        return Mark(2, "Found what will be done.", reading.quotes(found))
    if ((count >= 2 and empty == 0) or (count and draft.has("instead") and empty < 3)) and not main and not hedged:
        return Mark(2, "Found what will be done.", reading.quotes(found))
    if count and empty < 2 and reading.count > 18 and for_child(reading).score and not services and not hedged:
        return Mark(2, "Found what will be done.", reading.quotes(found))
    if absent and not count:
        return Mark(0, "What will not happen, not what will.", reading.quotes(absent), "absence_not_presence", True)
    if count >= 1 and empty <= count + 2 and not (main and count < 2 and for_child(reading).score < 2):
        return Mark(1, "Partly something one can see.", reading.quotes([*found, *vague]), "vague_behavior", False)
    if services:
        return Mark(0, "A service, not a new way of doing things.", reading.quotes(services), "service_not_behavior", True)
    return Mark(0, "Nothing that one could see done.", reading.quotes(vague), "vague_behavior", bool(vague) and not count)


def for_child(reading: Reading) -> Mark:
    """Score G3 and O5: the danger, and what the child gets. Whether the one answers the other only a coach can tell."""
    draft = reading.draft
    named = [draft.quote(m.index, m.last) for m in reading.people.of("child")][:2]
    gets = child_gets(reading)
    if _only_nice(reading):
        return Mark(0, "A good thing to do, but the danger named is another matter.", tuple(named), "wrong_focus", False)
    if gets:
        return Mark(2, "Found what the child gets.", (*reading.quotes(gets, 2), *named[:1]))
    links = [span for span in draft.spans("link-child", "for-child") if _child_after(reading, span)]
    if links:
        return Mark(2, "Found what it is for, with the child in it.", (*reading.quotes(links, 2), *named[:1]))
    danger = draft.spans("absence", "danger-word", "instead", quoted=False)
    hazards = draft.spans("hazard", quoted=False)
    if hazards and len(reading.people.mentions) > 1 and draft.has("watching-over", quoted=False) and not reading.services:
        return Mark(1, "A named hazard; what the child gets is not clear.", reading.quotes(hazards), "lacks_impact", False)
    if reading.child and (danger or (draft.has("care-of-child", quoted=False) and not reading.services)):
        return Mark(1, "The child is there; what the child gets is not clear.", tuple(named), "lacks_impact", False)
    if draft.has("absence", quoted=False) or (danger and not reading.services):
        return Mark(1, "The danger is there, the child is not.", reading.quotes(danger), "lacks_impact", False)
    purpose = [span for span in draft.spans("link-child", quoted=False) if draft.tokens[span.first].lower == "so"]
    if purpose:
        return Mark(1, "What it is for, with no child in it.", reading.quotes(purpose), "lacks_impact", False)
    return Mark(0, "Nothing that the child gets.", (), "lacks_impact", not reading.child and len(reading.adults) < 2)


def _only_nice(reading: Reading) -> bool:
    """Say whether all that will be done is a pleasant activity, while a grave danger is named beside it and nothing is done about it."""
    draft = reading.draft
    nice = {draft.tokens[span.first].sentence for span in draft.spans("nice-activity", quoted=False)}
    if not nice or not draft.has("grave-danger", quoted=False):
        return False
    will = {token.sentence for token in draft.tokens if token.lower in ("will", "'ll")}
    will = will or {draft.tokens[span.first].sentence for span in doings(reading)}
    return bool(will) and will <= nice and not draft.has("safeguard", quoted=False)


def _child_after(reading: Reading, link: Span) -> bool:
    """Say whether a child, or "she", "he", "they", follows the words that say what it is for."""
    tokens = reading.draft.tokens
    after = [i for i in range(link.first, min(len(tokens), link.last + 9)) if tokens[i].sentence == tokens[link.first].sentence]
    children = {m.index for m in reading.people.of("child", "sibling")}
    if link.kind == "for-child":
        named = {m.index for m in reading.people.mentions if m.kind in ("child", "sibling", "")}
        return bool(named & set(after)) or any(tokens[i].lower in ("ella", "él", "ellos", "niño", "niña", "bebé") for i in after)
    return bool(children & set(after)) or (reading.child and any(tokens[i].lower in ("he", "she", "they") for i in after))


def child_gets(reading: Reading) -> list[Span]:
    """Return verbs in the present or with "will" or "can" that a child is the subject of, and the words of a field about the child."""
    draft, people = reading.draft, reading.people
    spans = []
    for label, (first, last) in draft.fields().items():
        if any(word in Lexicon.load().words("child") for word in label.split()):
            spans.append(Span(first, last, "gets"))
    for first, last in draft.sentences:
        child = people.at(first + 1) if draft.tokens[first].lower == "for" and last > first + 4 else None
        if child and child.kind in ("child", "sibling", "") and child.last < last and draft.tokens[child.last].text in (":", ","):
            spans.append(Span(child.last + 1, last, "gets"))
    for index, token in enumerate(draft.tokens):
        form = verb_form(token.lower)
        if token.quoted or people.at(index) or form not in ("base", "s", "past") or is_a(lemma_of(token.lower), "witness"):
            continue
        if index and is_a(draft.tokens[index - 1].lower, "possessive"):
            continue
        if any(is_a(t.lower, "worry") for t in draft.tokens if t.sentence == token.sentence):
            continue
        let = people.at(index - 1) if index > 1 else None
        if let and let.kind == "child" and is_a(lemma_of(draft.tokens[let.index - 1].lower), "causative") and form == "base":
            spans.append(Span(index, index + 1, "gets"))
            continue
        kind, _ = people.subject(index)
        begins = index == 0 or draft.tokens[index - 1].sentence != token.sentence
        if (kind in ("child", "sibling") or (_begins(reading, index) and people.child_does(index))) and not (
            begins or _under_when(reading, index) or _only_well(reading, index)
        ):
            spans.append(Span(index, index + 1, "gets"))
    return spans


def _begins(reading: Reading, index: int) -> bool:
    """Say whether a verb follows a pronoun at the beginning of its sentence or of its clause: "She reads", "so he can sleep"."""
    tokens = reading.draft.tokens
    sentence = [t for t in tokens[:index] if t.sentence == tokens[index].sentence]
    return bool(sentence) and (sentence[0].lower in ("he", "she", "they") or any(t.lower == "so" for t in sentence))


def _only_well(reading: Reading, index: int) -> bool:
    """Say whether a child is only to "be safe and happy", with no picture."""
    tokens = reading.draft.tokens
    after = tokens[index + 1].lower if index + 1 < len(tokens) else ""
    return lemma_of(tokens[index].lower) in ("be", "feel", "stay") and is_a(after, "well-word")


def _under_when(reading: Reading, index: int) -> bool:
    clause = reading.draft.tokens[index].clause
    first = next(token for token in reading.draft.tokens if token.clause == clause)
    return first.lower in ("when", "whenever", "if", "while", "until", "before", "after", "that", "as")


def _over_time(reading: Reading) -> Mark:
    time = [
        words
        for words in [*reading.times.duration, *(w for w in reading.times.frequency if not w.lower().endswith(" time"))]
        if words not in VAGUE_LENGTHS and "few" not in words
    ]
    seen = witnesses(reading)
    if time and seen:
        return Mark(2, "Found how long and who will see it.", (time[0], *reading.quotes(seen, 2)))
    if time or seen:
        return Mark(1, "How long, or who will see it: one of the two.", tuple(time[:1]) or reading.quotes(seen), "vague_behavior", False)
    return Mark(0, "No time and no one to see it.", (), "vague_behavior", True)


def no_service(reading: Reading) -> Mark:
    """Score G5 and O6: a service may be the means, not the end."""
    services = reading.services
    if not services:
        return Mark(2, "No service found.")
    count = distinct(reading, doings(reading))
    family = reading.adults or reading.people.of("parent", "kin", "partner", "community")
    if not service_is_goal(reading) and count >= 3:
        return Mark(2, "The service is only a means.", reading.quotes(services))
    if family and (
        count >= 2
        or reading.draft.has("absence", quoted=False)
        or (for_child(reading).score == 2 and reading.draft.has("vague-plan", "feeling"))
    ):
        return Mark(1, "A service and a way of doing things, side by side.", reading.quotes(services), "service_not_behavior", False)
    return Mark(0, "The service is the goal.", reading.quotes(services), "service_not_behavior", True)


def _plain(reading: Reading) -> Mark:
    mark = reading.plain("G6")
    behaves, child = behavior(reading).score, for_child(reading).score
    if behaves == 0 and child == 0:
        return Mark(0, "What must be true has gone out of it.", mark.evidence, mark.defect, False)
    if _office(reading) or (_only_feeling(reading) and child < 2):
        return Mark(0, "An order, office words or a feeling; what must be true is not there.", mark.evidence, "jargon", False)
    hedges = reading.draft.spans("hedge", quoted=False)
    if hedges and mark.score == 2:
        return Mark(0 if len(hedges) > 2 else 1, "Softened: must it be so?", reading.quotes(hedges), "vague_behavior", len(hedges) > 1)
    if mark.score == 2 and (behaves == 0 or reading.count < 9):
        return Mark(1, "Is what must be true still there?", (), "too_short", False)
    return mark


def _office(reading: Reading) -> bool:
    """Say whether a goal is an order of no contact, or holds two or more abbreviations that no family says."""
    draft = reading.draft
    short = {
        token.text
        for index, token in enumerate(draft.tokens)
        if 2 < len(token.text) < 7
        and token.text[:3].isupper()
        and token.text.isalpha()
        and not token.quoted
        and not is_a(token.lower, "known-short")
        and not (reading.people.at(index) and reading.people.kinds.get(token.text))
    }
    whole = all(token.text.upper() == token.text for token in draft.tokens)
    return draft.has("no-contact", quoted=False) or (len(short) > 1 and not whole)


def _only_feeling(reading: Reading) -> bool:
    """Say whether a goal is a feeling or a promise, with no time and no one who sees it."""
    felt = reading.draft.has("promise", "heart-word", quoted=False)
    felt = felt and not reading.draft.has("absence", quoted=False)
    return felt and _over_time(reading).score == 0 and distinct(reading, doings(reading)) < 3
