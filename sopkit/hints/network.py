"""Network commitments (N1 to N6): a person close to the child who knows the worry, acts on a sign, and tells."""

from __future__ import annotations

from sopkit.hints.doing import distinct, doings, negated, service_is_goal, sets_off
from sopkit.hints.lexicon import is_a, verb_form
from sopkit.hints.members import CLOSE, limits_of, member, others, takes_over
from sopkit.hints.people import Mention
from sopkit.hints.plan import backups, checks, inside
from sopkit.hints.reading import Mark, Reading
from sopkit.hints.text import Span

_PUT = ("put", "let", "set", "cut", "read", "shut", "hold", "come", "run")  # past and present alike


def marks(reading: Reading) -> dict[str, Mark]:
    """Score a network member's commitment."""
    return {
        "N1": _tie(reading),
        "N2": _knows(reading),
        "N3": _commits(reading),
        "N4": _holds(reading),
        "N5": _limits(reading),
        "N6": _willing(reading),
    }


def _tie(reading: Reading) -> Mark:
    people, draft = reading.people, reading.draft
    part = inside(reading, "who")
    tie = reading.form.get("tie", set())
    who = member(reading)
    ties = [m for m in people.of(*CLOSE) if m.index in part or m.index in tie] or people.named("kin", "community")
    generic = [s for s in draft.spans("nobody", "agency") if s.first in part and s.first < (who.index if who else len(draft))]
    first = next((m for m in ties if not m.name), None)
    if who and first and first.index + 4 < who.index and not reading.form.get("who"):
        who = None  # "Her grandfather helps ... Pete covers": the one who commits has no name
    if who and ties:
        return Mark(2, "A name and a tie to the child.", (who.name, draft.quote(ties[0].index, ties[0].last)))
    if who and not generic:
        return Mark(1, "A name or a tie: one of the two.", (who.name,), "vague_behavior", False)
    chosen = bool(first and first.kind == "community" and not who and not reading.form and draft.has("assigned", quoted=False))
    if first and not chosen and not (generic and generic[0].first <= first.index) and not _tied_to_adult(reading, first):
        return Mark(1, "A tie, no name.", (draft.quote(first.index, first.last),), "vague_behavior", False)
    return Mark(0, "No one, or only a professional.", (), "no_caregiver", not who and not first)


def _tied_to_adult(reading: Reading, mention: Mention) -> bool:
    """Say whether somebody without a name is close to a grown-up only: "a friend of Carla's", "Lonnie's buddy"."""
    tokens = reading.draft.tokens
    if not is_a(tokens[mention.last - 1].lower, "loose-tie"):
        return False
    near = range(max(0, mention.index - 2), min(len(tokens), mention.last + 4))
    return any(m.name and m.kind != "child" and m.index in near for m in reading.people.mentions)


def _knows(reading: Reading) -> Mark:
    draft = reading.draft
    field = reading.form.get("knows")
    part = field or range(len(draft))
    told = [s for s in within(draft.spans("know-worry", "vague-know"), part) if not _untold(reading, s) and not _lets_know(reading, s)]
    knows, vague = [s for s in told if s.kind == "know-worry"], [s for s in told if s.kind == "vague-know"]
    knows = knows or [s for s in _said_by_others(reading) if s.first in part]
    denies = within(draft.spans("deny"), part)
    denies += [span for span in within(draft.spans("know-worry"), part) if _untold(reading, span)]
    close = {draft.tokens[s.first].sentence for s in knows}
    loose = {index for span in vague for index in range(span.first, span.last)}
    named = [s for s in acts_named(reading) if s.first in part and s.first not in loose]
    detail = [s for s in named if field or draft.tokens[s.first].sentence in close]
    if not detail and not vague:
        detail = [s for s in named if draft.tokens[s.first].sentence - 1 in close]
    hard = [s for s in detail if s.kind in ("act", "impact")]
    if denies and not (knows and len(hard) > 1):
        return Mark(0, "Not told, or does not see it.", reading.quotes(denies), "does_not_know_worry", True)
    if vague and len(hard) < 2:
        return Mark(1, "Knows of it in a general way.", reading.quotes(vague), "does_not_know_worry", not hard)
    if (knows or field) and detail:
        return Mark(2, "Found that the person knows the worry.", reading.quotes([*knows, *detail]))
    if knows or vague or field:
        return Mark(1, "Knows of it in a general way.", reading.quotes([*vague, *knows]), "does_not_know_worry", False)
    return Mark(0, "Nothing says that the person knows the worry.", (), "does_not_know_worry", not acts_named(reading))


def _said_by_others(reading: Reading) -> list[Span]:
    """Return words of telling, in the past, that are not the member's own and stand beside what happened to a child."""
    tokens, people = reading.draft.tokens, reading.people
    who = member(reading)
    found = []
    for index, token in enumerate(tokens):
        if token.quoted or not is_a(token.lower, "said-how") or reading.draft.negated(index, 3):
            continue
        name = people.subject(index)[1]
        child = any(m.kind == "child" and tokens[m.index].sentence == token.sentence and m.index > index for m in people.mentions)
        hard = any(tokens[s.first].sentence == token.sentence and s.first > index for s in reading.draft.spans("act", "impact"))
        if child and hard and name not in ("i", "nobody") and not (who and name == who.name):
            found.append(Span(index, index + 1, "know-worry"))
    return found


def _untold(reading: Reading, span: Span) -> bool:
    """Say whether nobody told: "has not been told", "nobody has told him"."""
    tokens = reading.draft.tokens
    before = [t.lower for t in tokens[max(0, span.first - 3) : span.first] if t.sentence == tokens[span.first].sentence]
    telling = tokens[span.first].lower not in ("can", "the", "our", "in", "from", "saw")
    return telling and bool(
        {"nobody", "no-one", "hasn't", "haven't", "wasn't", "never", "nobody's"} & set(before) or before[-2:] == ["no", "one"]
    )


def _lets_know(reading: Reading, span: Span) -> bool:
    """Say whether "know" is what the member will let others do: "lets the worker know"."""
    tokens = reading.draft.tokens
    before = {token.lower for token in tokens[max(0, span.first - 6) : span.first]}
    return tokens[span.first].lower == "know" and bool(before & {"let", "lets"})


def within(spans: list[Span], part: set[int] | range) -> list[Span]:
    """Return the spans that begin inside a part of the draft."""
    return [span for span in spans if span.first in part]


def acts_named(reading: Reading) -> list[Span]:
    """Return the words that name what happened or may happen, said or quoted."""
    return reading.draft.spans("act", "impact", "danger-word", "label-harm")


def _commits(reading: Reading) -> Mark:
    draft = reading.draft
    part: set[int] | range = range(len(draft))
    if reading.form.get("does") or reading.form.get("when"):
        part = reading.form.get("does", set()) | reading.form.get("when", set())
    away: set[int] = set()
    if not reading.form:
        telling = checks(reading, visits=False)
        away = {s for s in (draft.tokens[span.first].sentence for span in telling) if not _acts_beside(reading, s, telling)}
        away |= {draft.tokens[span.first].sentence for span in limits_of(reading)} - {0}
    talk = {span.first for span in [*draft.spans("talk-to", "agreed", "assigned", "trigger", "offer"), *checks(reading, visits=False)]}
    found = [s for s in to_do(reading) if s.first in part and draft.tokens[s.first].sentence not in away and s.first not in talk]
    vague = [s for s in within(draft.spans("vague-plan"), part) if draft.tokens[s.first].sentence not in away]
    triggers = [
        s for s in within(draft.spans("trigger"), part) if draft.tokens[s.first].sentence not in away and not _only_tells(reading, s)
    ]
    times = reading.times_outside(away)
    said = "\n".join(draft.text[draft.tokens[i].start : draft.tokens[i].end] for i in part) if reading.form else ""
    exact = [words for words in times.exact if not reading.form or words.split()[0] in said]
    timed = bool(triggers or exact)
    if "when" in reading.form and not reading.form["when"]:
        timed = False
    if (times.vague and not exact) or within(draft.spans("no-backup"), part):
        timed = len(triggers) > 1
    count, empty = distinct(reading, found), distinct(reading, vague)
    if ((count >= 2 and empty < count) or (count and not empty)) and timed and not service_is_goal(reading):
        return Mark(2, "Found an act and a trigger.", (*reading.quotes(found, 2), *reading.quotes(triggers, 1)))
    if (count and empty <= count) or (timed and (count or empty)):
        return Mark(1, "An act or a trigger: one of the two.", reading.quotes([*found, *triggers]), "vague_behavior", False)
    return Mark(0, "Help, without saying what.", reading.quotes(vague), "vague_behavior", True)


def _only_tells(reading: Reading, trigger: Span) -> bool:
    """Say whether a trigger sets off only that somebody is told: "if he does it again I call the worker"."""
    tokens = reading.draft.tokens
    told = {span.first for span in checks(reading, visits=False)}
    sentence = tokens[trigger.first].sentence
    after = sorted(i for i in told | {s.first for s in to_do(reading)} if i > trigger.first and tokens[i].sentence == sentence)
    return bool(after) and after[0] in told


def to_do(reading: Reading) -> list[Span]:
    """Return what is still to be done: not told of the past, not what sets it off ("when he yells")."""
    tokens = reading.draft.tokens
    return [
        s
        for s in doings(reading)
        if not sets_off(reading, s.first) and (verb_form(tokens[s.first].lower) not in ("past", "part") or tokens[s.first].lower in _PUT)
    ]


def _acts_beside(reading: Reading, sentence: int, telling: list[Span]) -> bool:
    """Say whether in a sentence that tells the agency something else is done too: "I get him out and call the worker"."""
    told = {span.first for span in telling}
    tokens = reading.draft.tokens
    beside = [s for s in to_do(reading) if tokens[s.first].sentence == sentence and s.first not in told]
    return bool(beside)


def _holds(reading: Reading) -> Mark:
    draft = reading.draft
    told = checks(reading, visits=False)
    hold, talk = draft.spans("hold"), draft.spans("talk-to")
    field = reading.form.get("check", set())
    if within(draft.spans("no-backup"), field):
        field = set()
    if (
        field
        and not told
        and (within(draft.spans("agency-person", "agency", "hold"), field) or others(reading, field))
        and not within(talk, field)
    ):
        told = [Span(min(field), max(field) + 1, "check")]
    timed = draft.has("trigger", "soon-after") or reading.times.exact or "if" in " ".join(label for label, _, _ in draft.labels)
    if (told or hold) and not (field and not told and within(talk, field)):
        if timed:
            return Mark(2, "Found whom they will tell and when.", reading.quotes([*told, *hold]))
        return Mark(1, "Would speak up; whom and when is not clear.", reading.quotes([*told, *hold]), "vague_behavior", False)
    if talk or field:
        return Mark(1, "Would talk to the caregiver.", reading.quotes(talk), "vague_behavior", False)
    return Mark(0, "Nothing on what they do when it is not kept.", (), "vague_behavior", bool(reading.form) or reading.count <= 45)


def _limits(reading: Reading) -> Mark:
    draft = reading.draft
    if field := reading.form.get("backup"):
        none = within(draft.spans("no-backup"), field)
        words = (draft.quote(min(field), max(field) + 1),)
        if others(reading, field) and not none:
            return Mark(2, "Found a limit and who covers.", words)
        if any(draft.tokens[i].is_word for i in field) and not none and not within(draft.spans("agency"), field):
            covered = bool(within(draft.spans("cover"), field))
            return Mark(2, "A limit and a cover.", words) if covered else Mark(1, "A limit, and no cover.", words, "no_backup", False)
        return Mark(0, "No limit and no cover.", (), "no_backup", True)
    slips = {draft.tokens[span.first].sentence for span in [*checks(reading, visits=False), *draft.spans("hold")]}
    limits = limits_of(reading)
    covers = [s for s in backups(reading, step=False) if draft.tokens[s.first].sentence not in slips]
    near = {draft.tokens[s.first].sentence + step for s in limits for step in (0, 1)}
    taking = [m for m in others(reading, range(len(draft))) if takes_over(reading, m)]
    covering = [Span(m.index, m.last, "cover") for m in taking if draft.tokens[m.index].sentence in near]
    if (limits and covering) or (covers and covering):
        return Mark(2, "Found a limit and who covers.", reading.quotes([*limits[:1], *covering], 2))
    if limits or covers:
        return Mark(1, "A limit or a cover: one of the two.", reading.quotes([*limits, *covers]), "no_backup", False)
    return Mark(0, "No limit and no cover.", (), "no_backup", reading.count <= 45)


def _willing(reading: Reading) -> Mark:
    draft = reading.draft
    own = own_words(reading)
    offered = [s for s in draft.spans("offer", quoted=False) if draft.tokens[s.first - 1].lower not in ("was", "were", "been")]
    assigned = [s for s in draft.spans("assigned", quoted=False) if not negated(reading, s.first)]
    agreed = draft.spans("agreed")
    said = any(draft.tokens[index].quoted for span in own for index in (span.first,))
    if assigned and not (said or offered):
        if agreed:
            return Mark(1, "Was asked, and agreed.", reading.quotes([*assigned, *agreed]))
        return Mark(0, "The agency chose.", reading.quotes(assigned), "bare_promise", False)
    if agreed and not (said or offered) and not len(own) > 3:
        return Mark(1, "Agreed.", reading.quotes(agreed))
    if own or offered:
        return Mark(2, "Found the person's own words or offer.", reading.quotes([*own, *offered]))
    field = reading.form.get("willing", set())
    if len(field) > 4 or agreed or field:
        return Mark(2 if len(field) > 4 else 1, "Agreed.", reading.quotes(agreed))
    return Mark(0, "Nothing on whether the person is willing.", ())


def own_words(reading: Reading) -> list[Span]:
    """Return quotations that are not somebody telling the worry to the person, or else the writer's "I" and "my"."""
    tokens = reading.draft.tokens
    told = reading.form.get("knows", set())
    spans, index = [], 0
    while index < len(tokens):
        last = index
        while last < len(tokens) and tokens[last].quoted:
            last += 1
        if sum(token.is_word for token in tokens[index:last]) > 2 and index not in told:
            before = {t.lower for t in tokens[max(0, index - 6) : index] if t.sentence == tokens[index - 1].sentence} if index else set()
            if not before & {"told", "heard", "tells", "front", "her", "him", "them"} or before & {"words", "says", "said"}:
                spans.append(Span(index, last, "own"))
        index = max(last, index + 1)
    mine = [Span(i, i + 1, "own") for i, t in enumerate(tokens) if is_a(t.lower, "first-person") and not t.quoted and i not in told]
    return spans or (mine if len(mine) > 1 else [])
