"""Safety plan steps (P1 to P6): a person, an act, a trigger, a backup and a check."""

from __future__ import annotations

from sopkit.hints.doing import VAGUE_LENGTHS, distinct, doings, negated, service_is_goal, vague_words
from sopkit.hints.lexicon import is_a, lemma_of, verb_form
from sopkit.hints.people import Mention
from sopkit.hints.reading import Mark, Reading
from sopkit.hints.text import Span


def marks(reading: Reading) -> dict[str, Mark]:
    """Score a safety plan step."""
    person, act, end = _person(reading), _act(reading), _people_act(reading)
    return {
        "P1": person,
        "P2": act,
        "P3": _when(reading),
        "P4": _controls(act, end, person),
        "P5": _backup(reading),
        "P6": end,
    }


def inside(reading: Reading, kind: str) -> set[int] | range:
    """Return the tokens of the fields of one kind; all tokens in free-running text or when no field of that kind is filled."""
    return reading.form.get(kind) or range(len(reading.draft))


def _person(reading: Reading) -> Mark:
    draft, people = reading.draft, reading.people
    part = inside(reading, "who")
    named = [m for m in people.mentions if m.name and m.kind != "child" and m.index in part and not _owner(reading, m)]
    acting = _acting(reading)
    names = list(dict.fromkeys(m.name for m in named if reading.form.get("who") or m.name in acting or m.kind in ("kin", "community")))
    roles = [
        m
        for m in people.of("kin", "community", "partner", "professional", "parent", "sibling")
        if not m.name and m.index in part and not people.is_object(m)
    ]
    nobody = [s for s in draft.spans("nobody", "agency") if s.first in part and _leads(reading, s)]
    danger = _danger_alone(reading, names)
    first = min((m.index for m in named if m.name in names), default=len(draft))
    if nobody and nobody[0].first < first and not (reading.form.get("who") and roles):
        return Mark(0, "Nobody in particular.", reading.quotes(nobody), "no_caregiver", not names)
    role_first = bool(roles and roles[0].index + 2 < first and roles[0].kind != "parent" and reading.form.get("who"))
    if names and not danger and not role_first:
        return Mark(2, "A person is named.", tuple(names[:2]))
    if names and danger:
        return Mark(0, "Only the person who is the danger.", tuple(names[:1]), "bare_promise", False)
    if (
        roles
        and all(m.kind in ("parent", "professional") for m in roles)
        and roles[0].kind == "parent"
        and (_vow(reading) or vague_words(reading))
    ):
        return Mark(0, "Only the person who is the danger.", (draft.quote(roles[0].index, roles[0].last),), "bare_promise", False)
    if roles:
        return Mark(1, "A role, no name.", (draft.quote(roles[0].index, roles[0].last),), "no_caregiver", False)
    return Mark(0, "No person found.", (), "no_caregiver", not named)


def _leads(reading: Reading, span: Span) -> bool:
    """Say whether words begin their sentence, or are the doer in a passive: "by relatives"."""
    tokens = reading.draft.tokens
    before = [token for token in tokens[max(0, span.first - 3) : span.first] if token.sentence == tokens[span.first].sentence]
    return len(before) < 3 or before[-1].lower == "by"


def _owner(reading: Reading, mention: Mention) -> bool:
    """Say whether a name only tells whose it is: "Jaxon's grandmother"."""
    return reading.draft.tokens[mention.last - 1].lower.endswith(("'s", "s'"))


def _acting(reading: Reading) -> set[str]:
    """Return the names of those who do something one can see, or who are to help."""
    spans = [*doings(reading), *vague_words(reading), *reading.draft.spans("backup")]
    return {name for kind, name in (reading.people.subject(span.first) for span in spans) if kind not in ("child", "pronoun")}


def _vow(reading: Reading) -> bool:
    return bool(reading.draft.spans("promise", quoted=False)) or service_is_goal(reading)


def _danger_alone(reading: Reading, names: list[str]) -> bool:
    """Say whether the only one named is the one the worry is about: a parent, or one who vows or masters himself."""
    if len(names) != 1:
        return False
    kind = reading.people.kinds.get(names[0], "")
    part = inside(reading, "who")
    others = any(m.kind in ("kin", "community") and not m.name and m.index in part for m in reading.people.mentions)
    return kind == "parent" or (kind in ("", "partner") and not others and (_vow(reading) or reading.draft.has("self-control")))


def _act(reading: Reading) -> Mark:
    part = range(len(reading.draft))
    if reading.form.get("does"):
        part = range(min(reading.form["does"]), max(reading.form["does"]) + 1)
    told = {span.first for span in checks(reading)} if not reading.form else set()
    later = {reading.draft.tokens[span.first].sentence for span in backups(reading)} - {0} if not reading.form else set()
    found = [s for s in doings(reading, part) if s.first not in told and reading.draft.tokens[s.first].sentence not in later]
    vague = vague_words(reading, part)
    count, empty = distinct(reading, found), distinct(reading, vague)
    promised = reading.draft.has("promise", "absence", quoted=False)
    if only_professionals(reading) and reading.services and count:
        return Mark(1, "A professional gives a service.", reading.quotes(reading.services), "service_not_behavior", False)
    if ((count >= 2 and empty < count) or (count and not empty)) and not (promised and count < 2) and not service_is_goal(reading):
        return Mark(2, "Found what will be done.", reading.quotes(found))
    if count >= 3 and empty < count:
        return Mark(2, "Found what will be done, beside a service.", reading.quotes(found))
    if count and (empty <= count + 1) and not service_is_goal(reading):
        return Mark(1, "Partly something one can see.", reading.quotes([*found, *vague]), "vague_behavior", False)
    defect = "bare_promise" if promised else "service_not_behavior" if reading.services else "vague_behavior"
    return Mark(0, "Nothing that one could see done.", reading.quotes([*vague, *reading.services]), defect, True)


def _when(reading: Reading) -> Mark:
    draft = reading.draft
    if "when" in reading.form and not reading.form["when"]:
        return Mark(0, "The line for the time is blank.", (), "vague_behavior", True)
    beside = {draft.tokens[span.first].sentence for span in [*backups(reading), *checks(reading)]} - {0}
    if reading.form:
        beside = {draft.tokens[index].sentence for kind in ("backup", "check") for index in reading.form.get(kind, ())}
    times = reading.times_outside(beside)
    triggers = [span for span in draft.spans("trigger") if draft.tokens[span.first].sentence not in beside]
    exact = list(dict.fromkeys(words for words in times.exact if "few" not in words))
    bounded = [
        words
        for words in [*times.deadline, *times.duration]
        if words not in (*VAGUE_LENGTHS, "next week", "next month") and "few" not in words
    ]
    if times.vague and not times.date and not times.clock and not bounded:
        return Mark(1, "A time, but no clear trigger or end.", tuple(times.vague[:2]), "vague_behavior", False)
    if exact and (bounded or triggers or len(exact) > 1):
        return Mark(2, "Found when it starts and for how long.", tuple(exact[:3]))
    if exact or triggers or times.vague:
        words = tuple([*exact, *times.vague][:2]) or reading.quotes(triggers)
        return Mark(1, "A time, but the trigger or the end is not clear.", words, "vague_behavior", False)
    field = reading.form.get("when", set())
    if field and not any(span.first in field for span in draft.spans("no-backup")):
        words = (draft.quote(min(field), max(field) + 1),)
        return Mark(1, "Something is said on when, but no clear time.", words, "vague_behavior", False)
    return Mark(0, "No time and no trigger.", (), "vague_behavior", True)


def only_professionals(reading: Reading) -> bool:
    """Say whether the only grown-ups who act are professionals."""
    first = reading.form.get("who") or (range(*reading.draft.sentences[0]) if reading.draft.sentences else range(0))
    people = [m for m in reading.people.mentions if m.index in first and m.kind not in ("child", "sibling")]
    return bool(people) and people[0].kind == "professional"


def _controls(act: Mark, end: Mark, person: Mark) -> Mark:
    """Score P4 as far as words can: somebody does something, so that a promise or a service is not all there is."""
    if (act.score == 0 and person.score < 2) or (end.score == 0 and (person.score == 0 or act.score == 0)):
        return Mark(0, "Nothing here would change tonight.", act.evidence)
    if person.defect == "bare_promise" or (end.score == 0 and person.score < 2):
        return Mark(1, "It leans on a promise or a service.", act.evidence)
    if end.score == 0:
        return Mark(0, "A service, and nothing at home tonight.", act.evidence)
    if act.score < 2:
        return Mark(1, "It is not clear what will be done.", act.evidence)
    return Mark(2, "People act; only a coach can tell whether it would hold tonight.", act.evidence)


def backups(reading: Reading, step: bool = True) -> list[Span]:
    """Return the words that say who steps in: a filled field, or "if she can't ..." with a person after it."""
    draft = reading.draft
    if field := reading.form.get("backup"):
        people = [m for m in reading.people.mentions if m.index in field]
        empty = any(span.first in field for span in draft.spans("no-backup"))
        return [Span(min(field), max(field) + 1, "backup")] if people and not (empty and not any(m.name for m in people)) else []
    none = {draft.tokens[span.first].sentence for span in draft.spans("no-backup")}
    found = []
    for first, last in draft.sentences[1:]:
        opens = draft.tokens[first].lower in ("if", "should", "when")
        if step and opens and any(first < m.index < last and m.kind != "child" for m in reading.people.mentions):
            found.append(Span(first, last, "backup"))
    busy = [s for s in draft.spans("busy-with", quoted=False) if step and _two_grown_ups(reading, s)]
    for span in [*draft.spans("backup", quoted=False), *busy]:
        sentence = draft.tokens[span.first].sentence
        if sentence not in none and any(draft.tokens[m.index].sentence in (sentence, sentence + 1) for m in reading.people.mentions):
            found.append(span)
    return found


def _two_grown_ups(reading: Reading, span: Span) -> bool:
    """Say whether a sentence has two named grown-ups: "Pete holds the keys on Ruth's bowling night"."""
    sentence = reading.draft.tokens[span.first].sentence
    named = {m.name for m in reading.people.mentions if m.name and m.kind != "child" and reading.draft.tokens[m.index].sentence == sentence}
    return len(named) > 1


def checks(reading: Reading, visits: bool = True) -> list[Span]:
    """Return the words that say how the agency learns of it: it is told, or (`visits`) comes to see."""
    draft = reading.draft
    tokens = draft.tokens
    found = draft.spans("agency-check", quoted=False) if visits else []
    ours = visits or not first_person(reading)
    agency = [s for s in draft.spans("agency-person", "agency") if ours or tokens[s.first].lower not in ("me", "us", "we")]
    telling = draft.spans("tell-agency", quoted=False)
    for span in telling:
        near = range(span.first + 1, min(len(draft), span.first + 12))
        told = [s for s in agency if s.first in near and tokens[s.first].sentence == tokens[span.first].sentence]
        told = [s for s in told if not any(span.first < other.first < s.first and other.last <= s.first for other in telling)]
        past = verb_form(tokens[span.first].lower) == "past" and tokens[span.first].lower != "let"
        if told and not past and not negated(reading, span.first):
            found.append(span)
    if visits:
        found += [s for s in agency if _looks_in(reading, s)]
        found += [Span(i, i + 2, "looks-in") for i, t in enumerate(tokens[:-1]) if t.lower in ("i", "we") and _looks(tokens[i + 1].lower)]
    field = reading.form.get("check")
    if field and not found and visits and not any(span.first in field for span in draft.spans("no-backup")):
        found.append(Span(min(field), max(field) + 1, "check"))
    return sorted(found, key=lambda span: span.first)


def first_person(reading: Reading) -> bool:
    """Say whether the draft is in the words of the one who will do it: "I" and "my" more than once."""
    return sum(is_a(token.lower, "first-person") and not token.quoted for token in reading.draft.tokens) > 1


def _looks_in(reading: Reading, span: Span) -> bool:
    """Say whether the agency's person is to come, call, count or ask: "the worker gets a photo each night"."""
    tokens = reading.draft.tokens[span.last : span.last + 4]
    return any(_looks(token.lower) for token in tokens) and reading.people.subject(span.first)[1] != "i"


def _looks(word: str) -> bool:
    return is_a(lemma_of(word), "looks-in") and verb_form(word) in ("s", "base")


def _backup(reading: Reading) -> Mark:
    covered, checked = backups(reading), checks(reading)
    if covered and checked:
        return Mark(2, "Found who steps in and how the agency learns.", (*reading.quotes(covered, 2), *reading.quotes(checked, 2)))
    if covered or checked:
        return Mark(1, "A backup or a check: one of the two.", reading.quotes([*covered, *checked]), "no_backup", False)
    return Mark(0, "No backup and no check.", (), "no_backup", bool(reading.form) or reading.count <= 30)


def _people_act(reading: Reading) -> Mark:
    draft = reading.draft
    promises = draft.spans("promise", quoted=False)
    aside = {draft.tokens[span.first].sentence for span in [*backups(reading), *checks(reading)]} - {0}
    services = [span for span in reading.services if draft.tokens[span.first].sentence not in aside]
    goal = service_is_goal(reading)
    count = distinct(reading, doings(reading))
    if promises or services:
        defect = "bare_promise" if promises else "service_not_behavior"
        words = reading.quotes([*promises, *services])
        if services and only_professionals(reading):
            return Mark(0, "A professional gives a service.", words, defect, False)
        if services and not goal and not promises and count >= 4:
            return Mark(2, "People act; a service is only named.", words)
        if count >= 4:
            return Mark(1, "A promise or a service beside an act.", words, defect, False)
        return Mark(0, "A promise or a service.", words, defect, True)
    if _person(reading).defect == "bare_promise":
        return Mark(1, "It rests on the person who is the danger alone.", (), "bare_promise", False)
    if count:
        return Mark(2, "People act.")
    return Mark(1, "No act yet.", reading.quotes(vague_words(reading)), "vague_behavior", False)
