"""Case plan objectives (O1 to O6): who will do what new thing, how often, seen by whom, by when, and what the child gets."""

from __future__ import annotations

import re

from sopkit.hints.doing import VAGUE_LENGTHS, distinct, doings, service_is_goal, sets_off, vague_words, watching_of, witnesses
from sopkit.hints.goal import behavior, for_child
from sopkit.hints.lexicon import is_a, verb_form
from sopkit.hints.people import Mention
from sopkit.hints.reading import Mark, Reading
from sopkit.hints.text import Span

_NUMBER = r"(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|sixteen|twenty|thirty|forty|sixty|ninety)"
_OPEN_ENDED = ("few", "several", "coming", "couple", "some", "until then")
# "for 16 weeks", "one (1) year", "over the next semester"; not "two of every 7 days", "nights a week", "every two weeks", "a 52-week program"
_LENGTH = re.compile(
    rf"(?<!every )(?<!each )(?<!of )(?<!last )(?<!past )(?<!missed )\b{_NUMBER}(?: \(\d+\))? (?:full |straight |more |consecutive |calendar |school |whole |entire )*"
    r"(?:(?:day|week|month|year|semester|term|quarter|mo|wk|yr)s?)\b(?! (?:a |an |per |each |out |of (?:every|each|\d|seven|five|ten)|in (?:ten|seven|five)))"
    r"|\b(?:for|within|over|in|during|throughout|all) (?:a|an|the|this|the next|the whole|the entire|the rest of the) ?"
    r"(?:next |whole |entire |full |rest of the )?(?:month|year|semester|term|quarter|school year|summer|winter|spring|fall)\b",
    re.IGNORECASE,
)


def marks(reading: Reading) -> dict[str, Mark]:
    """Score a case plan objective."""
    who = actor(reading)
    name = who[1] if who else ""
    return {
        "O1": _named(reading, who),
        "O2": _behavior(reading, name),
        "O3": _measured(reading, name),
        "O4": _deadline(reading),
        "O5": _benefit(reading, name),
        "O6": _no_service(reading),
    }


def actor(reading: Reading) -> tuple[str, str] | None:
    """Return (kind, name) of the first grown-up who is to do anything: not a child, a professional or one who only watches."""
    draft, people = reading.draft, reading.people
    watch = draft.spans("witness", "witnessed")
    watching = {index for span in watch for index in range(span.first, span.last)}
    spans = [*doings(reading), *vague_words(reading), *reading.services, *draft.spans("absence", "comply", quoted=False)]
    for span in [*sorted(spans, key=lambda span: span.first), *watch]:
        kind, name = people.subject(span.first)
        if kind in ("child", "professional", "pronoun") or (not kind and not name) or (span.first in watching and span not in watch):
            continue
        if (span in watch and kind != "parent") or sets_off(reading, span.first):
            continue
        return kind, name
    return None


def _named(reading: Reading, who: tuple[str, str] | None) -> Mark:
    if who and who[1]:
        return Mark(2, "A caregiver is named.", (who[1],))
    roles = reading.people.of("parent", "partner") if not who else [m for m in reading.people.of(who[0]) if not m.name]
    mine = [m for m in reading.people.mentions if m.name and (_in_own_name(reading, m) or _leads(reading, m, who))]
    if mine:
        return Mark(2, "A caregiver is named.", (mine[0].name,))
    if who and roles:
        return Mark(1, "A role, no name.", (reading.draft.quote(roles[0].index, roles[0].last),), "no_caregiver", False)
    return Mark(0, "No caregiver found.", (), "no_caregiver", not reading.adults and not roles)


def _leads(reading: Reading, mention: Mention, who: tuple[str, str] | None) -> bool:
    """Say whether a grown-up's name begins what is done in the first sentence, where no other name does: "Hal, her boyfriend, puts"."""
    tokens, people = reading.draft.tokens, reading.people
    owner = tokens[mention.last - 1].lower.endswith(("'s", "s'"))
    if tokens[mention.index].sentence or owner or mention.kind in ("child", "professional") or (who and who[0] == "parent"):
        return False
    return not people.is_object(mention) and not any(m.index < mention.index and m.kind != "child" for m in people.mentions)


def _in_own_name(reading: Reading, mention: Mention) -> bool:
    """Say whether the writer names herself: "I, Carlos,"."""
    before = [token.lower for token in reading.draft.tokens[max(0, mention.index - 2) : mention.index]]
    return before == ["i", ","]


def real_doings(reading: Reading) -> list[Span]:
    """Return what will be done, apart from watching, from keeping to services, and from what it is for."""
    draft = reading.draft
    watching = watching_of(reading)
    links = {draft.tokens[s.first].sentence: s.first for s in reversed(draft.spans("link-child")) if draft.tokens[s.first].lower == "so"}
    serving = {draft.tokens[span.first].clause for span in reading.services}
    return [
        s
        for s in doings(reading)
        if s.first not in watching
        and s.first < links.get(draft.tokens[s.first].sentence, len(draft))
        and not (is_a(draft.tokens[s.first].lower, "comply") or draft.tokens[s.first].clause in serving)
    ]


def _ways(reading: Reading) -> list[Span]:
    """Return words for a way to be ("calm", "patient"), apart from what is only learned ("insight")."""
    return [s for s in vague_words(reading) if not is_a(reading.draft.tokens[s.first].lower, "learning")]


def _behavior(reading: Reading, name: str) -> Mark:
    mark, real = behavior(reading), real_doings(reading)
    services = reading.services
    office = reading.draft.has("comply-only", quoted=False) and distinct(reading, real) < 2
    if services and service_is_goal(reading) and (not real or office) and not reading.draft.has("absence", quoted=False):
        implied = _benefit(reading, name).score == 2 and len(services) < 3
        why = "A service; what will be done at home is only implied." if implied else "A service, not a new way of doing things."
        return Mark(int(implied), why, reading.quotes(services), "service_not_behavior", not implied)
    if mark.score == 0 and services and reading.draft.has("absence", quoted=False):
        return Mark(1, "What will stop; the new way is only implied.", mark.evidence, "absence_not_presence", False)
    if mark.score == 1 and real and not vague_words(reading) and _measured(reading, name).score == 2:
        return Mark(2, "Found what will be done.", reading.quotes(real))
    return mark


def _measured(reading: Reading, name: str) -> Mark:
    lengths = [words for words in reading.times.duration if not words.lower().startswith(("within", "in ", "after"))]
    often = [words for words in [*reading.times.frequency, *lengths] if words not in VAGUE_LENGTHS and "few" not in words]
    seen = witnesses(reading, name)
    if often and seen:
        return Mark(2, "Found how often and who sees it.", (often[0], *reading.quotes(seen, 2)))
    if often or seen:
        return Mark(1, "How often, or who sees it: one of the two.", tuple(often[:1]) or reading.quotes(seen), "vague_behavior", False)
    return Mark(0, "No count and no one to see it.", (), "vague_behavior", True)


def _deadline(reading: Reading) -> Mark:
    text = reading.draft.plain
    lengths = [match.group() for match in _LENGTH.finditer(text)]
    exact = [words for words in [*reading.times.deadline, *lengths] if not any(word in words.lower() for word in _OPEN_ENDED)]
    if exact:
        return Mark(2, "Found a date or how long.", tuple(exact[:2]))
    vague = reading.quotes(reading.draft.spans("no-end"))
    if vague:
        return Mark(1, "A time, but not one on a calendar.", vague[:2], "vague_behavior", False)
    return Mark(0, "No date and no length of time.", (), "vague_behavior", True)


def _benefit(reading: Reading, name: str) -> Mark:
    mark = for_child(reading)
    if mark.score == 2:
        return mark
    if mark.score == 1 and service_is_goal(reading) and not reading.draft.has("act", quoted=False):
        mark = Mark(0, "Nothing that the child gets.", (), "lacks_impact", not reading.child)
    draft = reading.draft
    tokens = draft.tokens
    watching = {tokens[span.first].sentence for span in witnesses(reading, name)}
    for link in draft.spans("link-child", quoted=False):
        after = range(link.first, min(len(tokens), link.last + 7))
        same = [i for i in after if tokens[i].sentence == tokens[link.first].sentence]
        others = [m for m in reading.people.mentions if m.index in same and m.name and m.name != name and m.kind in ("", "child")]
        given = reading.child and tokens[link.last - 1].lower != "so" and any(tokens[i].lower in ("him", "her", "them") for i in same[:5])
        if given:
            return Mark(2, "Found what it is for, with the child in it.", (draft.quote(link.first, same[-1] + 1),))
        if others:
            return Mark(2, "Found what it is for, with the child in it.", (draft.quote(link.first, link.last), others[0].name))
    for first, last in draft.sentences[1:]:
        subject = reading.people.at(first)
        if (
            not subject
            or not subject.name
            or subject.name == name
            or subject.kind not in ("", "child")
            or tokens[first].sentence in watching
        ):
            continue
        verbs = [
            i for i in range(subject.last, min(last, subject.last + 4)) if verb_form(tokens[i].lower) or is_a(tokens[i].lower, "finite")
        ]
        if verbs and not is_a(tokens[verbs[0]].lower, "witness"):
            return Mark(2, "Found what the child gets.", (draft.quote(subject.index, verbs[0] + 1),))
    return mark


def _no_service(reading: Reading) -> Mark:
    treated = reading.draft.spans("treated-by", quoted=False)
    services = [*reading.services, *treated]
    if not services:
        return Mark(2, "No service found.")
    words = reading.quotes(services)
    real, goal = distinct(reading, real_doings(reading)), bool(treated) or service_is_goal(reading)
    feelings = {span.first for span in reading.draft.spans("feeling")}
    if not goal and (real >= 2 or all(span.first in feelings for span in services)):
        return Mark(2, "The service is only a means.", words)
    tested = reading.draft.has("comply-only", quoted=False)
    beside = real or reading.draft.has("absence", quoted=False) or (_ways(reading) and for_child(reading).score)
    if reading.people.mentions and beside and not (tested and not real):
        return Mark(1, "A service and a way of doing things, side by side.", words, "service_not_behavior", False)
    return Mark(0, "The service is the goal.", words, "service_not_behavior", True)
