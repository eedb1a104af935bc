"""Harm statements (H1 to H6): who told us, which caregiver did what and when, and what it did to the child."""

from __future__ import annotations

from sopkit.hints.acts import acts, adult_doings, by_somebody, conditional, habits, only_care, takes_back, words_of
from sopkit.hints.effects import child_doings, effects, will_not
from sopkit.hints.lexicon import bare, is_a, lemma_of, verb_form
from sopkit.hints.people import Mention
from sopkit.hints.reading import Mark, Reading
from sopkit.hints.source import source
from sopkit.hints.text import Span


def marks(reading: Reading) -> dict[str, Mark]:
    """Score a harm statement."""
    done, maybe = acts(reading)
    return {
        "H1": _caregiver(reading, done or maybe),
        "H2": _behavior(reading, done, maybe),
        "H3": _past(reading, done, maybe),
        "H4": _impact(reading, done),
        "H5": reading.plain("H5"),
        "H6": source(reading),
    }


def _caregiver(reading: Reading, found: list[Span]) -> Mark:
    draft, people = reading.draft, reading.people
    subjects = [people.subject(span.first) for span in found]
    doers = {name for kind, name in subjects if name[:1].isupper() and kind not in ("child", "sibling", "professional")}
    named = [m for m in people.named("parent", "partner", "kin") if m.name in doers or m.kind == "parent"]
    if named:
        return Mark(2, "A caregiver is named, with a role.", (words_of(reading, next((m for m in named if m.name in doers), named[0])),))
    roles = [m for m in people.of("parent", "kin") if not m.name and not (m.kind == "kin" and ("kin", "") not in subjects)]
    plain = [m for m in roles if not _is_vague_role(reading, m) and not (doers and people.is_object(m))]
    if plain:
        return Mark(2, "A caregiver is there by role.", (words_of(reading, plain[0]),))
    tellers = {people.subject(span.first)[1] for span in draft.spans("source", "source-see", quoted=False) if not people.at(span.first)}
    kin = [m for m in people.named("kin", "partner") if m.name not in tellers]
    if kin:
        return Mark(2, "A caregiver is named, with a role.", (words_of(reading, kin[0]),))
    happens = bool(found or adult_doings(reading) or _past_forms(reading))
    unknown = [m for m in people.named("", "community") if m.name in doers or (not people.is_object(m) and m.name not in tellers)]
    parent = next((m for m in people.named("", "community") if _own_child(reading, m)), None)
    if parent:
        return Mark(2, "A person is named, with a child of theirs.", (words_of(reading, parent),))
    if (doers or unknown) and happens:
        return Mark(1, "A name, with no role.", (next(iter(doers), unknown[0].name if unknown else ""),), "no_caregiver", False)
    others = [*roles, *people.of("partner")]
    if others:
        return Mark(1, "A role that could be more than one person.", (words_of(reading, others[0]),), "no_caregiver", False)
    strangers = draft.spans("unclear-person", quoted=False)
    if strangers and _past_forms(reading):
        return Mark(1, "Somebody, not who.", reading.quotes(strangers), "no_caregiver", False)
    return Mark(0, "No caregiver found.", (), "no_caregiver", not unknown)


def _own_child(reading: Reading, mention: Mention) -> bool:
    """Say whether "her son", "my daughter" or "his kids" follows a name in its sentence."""
    tokens = reading.draft.tokens
    return any(
        m.index > mention.index
        and tokens[m.index].sentence <= tokens[mention.index].sentence + 1
        and any(token.lower in ("her", "his", "my", "own", "their") for token in tokens[max(0, m.index - 3) : m.index])
        for m in reading.people.of("child")
        if is_a(bare(tokens[m.index].lower), "child")
    )


def _is_vague_role(reading: Reading, mention: Mention) -> bool:
    """Say whether a role leaves open who it is: "the parents", "a caregiver"; or owns a condition: "Mom's bipolar"."""
    last = reading.draft.tokens[mention.last - 1].lower
    after = {span.first for span in reading.draft.spans("diagnosis", "jargon", "label-harm", "partner")}
    owns = last.endswith("'s") and bool(after & set(range(mention.last, mention.last + 3)))
    return owns or is_a(bare(last), "open-role")


def _behavior(reading: Reading, done: list[Span], maybe: list[Span]) -> Mark:
    draft = reading.draft
    done, maybe = ([span for span in spans if not takes_back(reading, span)] for spans in (done, maybe))
    found = done or maybe
    vague = {span.first for span in draft.spans("vague-act", quoted=False)}
    clear = [span for span in found if span.first not in vague and not only_care(reading, span)]
    labels = draft.spans("label-harm", quoted=False)
    if not clear:
        clear = [] if labels else [s for s in [*adult_doings(reading), *habits(reading)] if not takes_back(reading, s)]
        found = found or clear
    time = reading.times.exact
    if not found and draft.has("scene", quoted=False):
        return Mark(1, "A kind of trouble, with no act.", reading.quotes(draft.spans("scene")), "vague_behavior", False)
    if not found:
        return Mark(0, "A label, with no act." if labels else "No act found.", reading.quotes(labels), "vague_behavior", bool(labels))
    if not clear:
        return Mark(1, "An act without detail.", reading.quotes(found), "vague_behavior", True)
    if labels and not done:
        return Mark(0, "A label, with no act.", reading.quotes(labels), "vague_behavior", True)
    if labels and len(clear) < 2:
        return Mark(1, "A label beside an act.", reading.quotes([*labels, *clear]), "vague_behavior", False)
    if all(by_somebody(reading, span.first) for span in clear):
        return Mark(1, "An act, but not whose.", reading.quotes(clear), "vague_behavior", False)
    if not time:
        return Mark(1, "Found an act, but not when or how often.", reading.quotes(clear), "vague_behavior", not reading.times.vague)
    return Mark(2, "Found an act and a time.", (*reading.quotes(clear, 2), time[0]))


def _past(reading: Reading, done: list[Span], maybe: list[Span]) -> Mark:
    draft = reading.draft
    usual = [span for span in maybe if reading.mood(span) == "did" and (reading.times.exact or reading.times.vague)]
    maybe = [span for span in maybe if not draft.tokens[span.first].quoted and span not in usual]
    hopes = [
        Span(i, i + 1, "maybe")
        for i, token in enumerate(draft.tokens)
        if token.lower in ("may", "might", "could") and draft.mood(i) == "maybe" and not token.quoted and not reading.people.at(i)
    ]
    later = [*draft.spans("ahead", quoted=False), *_wills(reading)]
    happened = bool(done or usual) or _past_forms(reading)
    if (maybe or hopes or later) and not happened:
        return Mark(0, "It looks ahead.", reading.quotes(hopes or later or maybe), "future_not_past", True)
    if not happened and not any(effects(reading)[:1]):
        label = draft.spans("label-harm", quoted=False)
        if label and not hopes:
            return Mark(1, "A label, as something that is so.", reading.quotes(label), "vague_behavior", False)
        return Mark(0, "Nothing that has happened was found.", reading.quotes(hopes), "future_not_past", bool(hopes))
    if hopes or later:
        clear = any(draft.tokens[span.first].lower in ("may", "might") for span in hopes)
        return Mark(1, "What happened is mixed with what may happen.", reading.quotes(hopes or later), "future_not_past", clear)
    return Mark(2, "It has happened.", reading.quotes(done))


def _wills(reading: Reading) -> list[Span]:
    """Return "will" before a verb, other than "will not" and what a child "will" do now."""
    tokens = reading.draft.tokens
    return [
        Span(i, i + 2, "will")
        for i, token in enumerate(tokens[:-1])
        if token.text in ("will", "'ll")
        and not token.quoted
        and tokens[i + 1].lower not in ("not", "never", "only", "no")
        and not reading.people.at(i)
        and not reading.people.child_does(i)
    ]


def _present(reading: Reading, index: int) -> bool:
    """Say whether a verb tells what somebody does now: "Dad keeps", "she always leaves"."""
    tokens, people = reading.draft.tokens, reading.people
    if index == 0 or verb_form(tokens[index].lower) != "s" or people.at(index):
        return False
    before = index - 1 - is_a(tokens[index - 1].lower, "before-verb")
    return before >= 0 and (tokens[before].lower in ("he", "she", "who", "house", "home") or people.at(before) is not None)


def _past_forms(reading: Reading) -> bool:
    """Say whether a verb tells of what was or goes on, other than who told whom, verbs under "when" or "if", and "is" or "has"."""
    draft = reading.draft
    return any(
        (verb_form(token.lower) == "past" or _present(reading, index))
        and draft.mood(index) == "did"
        and not is_a(lemma_of(token.lower), "telling")
        and not is_a(token.lower, "source")
        and not is_a(token.lower, "worry")
        and not token.lower.startswith("un")
        and lemma_of(token.lower) not in ("be", "have", "do", "place", "put", "struggle", "meet", "need")
        and not conditional(reading, index)
        and not draft.tokens[index - 1].lower.endswith("'s")
        for index, token in enumerate(draft.tokens)
    ) or draft.has("has-been")


def _impact(reading: Reading, done: list[Span]) -> Mark:
    draft = reading.draft
    real, possible, vague = effects(reading)
    real += [span for span in possible if reading.mood(span) == "will" and draft.negated(span.first)]
    possible = [span for span in possible if span not in real]
    first = done[0].first if done else 0
    real = [span for span in real if not any(span.first == act.first for act in done)] or ([] if done else real)
    said = [*_child_said(reading), *will_not(reading)]
    felt = [span for span in real if _only_felt(reading, span)]
    if felt and len(felt) == len(real) and not said and not _child_tells(reading):
        real, vague = [], [*vague, *felt]
    hurt = [span for span in real if draft.tokens[span.last - 1].lower == "hurt" and span.last - span.first < 3]
    if not said and len(hurt) == len(real):
        real, vague = [], [*vague, *hurt]
    if (real or said) and reading.child:
        return Mark(2, "Found what the child did, said or felt.", reading.quotes([*real, *said]))
    if real:
        return Mark(2, "Found an effect.", reading.quotes(real))
    taken = {index for span in vague for index in range(span.first, span.last)}
    doings = [s for s in child_doings(reading, "did") if s.first not in taken]
    after = [s for s in doings if s.first > first]
    if (len(after) > 1 or (after and not vague and not possible)) and not draft.has("system-effect"):
        return Mark(2, "Found what the child did.", reading.quotes(after))
    happened = bool(done) or _past_forms(reading) or bool(habits(reading)) or draft.has("again")
    if (possible or vague) and not happened and all(draft.mood(span.first) != "did" for span in [*possible, *vague]):
        return Mark(0, "The effect is one that may come.", reading.quotes([*possible, *vague]), "speculative_impact", False)
    if possible or vague:
        defect = "vague_impact" if vague else "speculative_impact"
        return Mark(1, "The effect is a guess or has no picture.", reading.quotes([*vague, *possible]), defect, not after)
    system = draft.spans("system-effect", quoted=False)
    if system:
        return Mark(0, "What the system did, not what the child lived.", reading.quotes(system), "system_action_as_impact", True)
    sure = bool(done) and not doings and not _somebody_after(reading, first)
    return Mark(0, "No effect on the child found.", (), "lacks_impact", sure)


def _only_felt(reading: Reading, span: Span) -> bool:
    """Say whether an effect is only a feeling that the writer gives the child: "is scared"."""
    tokens = reading.draft.tokens
    last = tokens[span.last - 1]
    return is_a(last.lower, "feeling-word") and not last.quoted and tokens[span.first].lower not in ("said", "says")


def _child_tells(reading: Reading) -> bool:
    """Say whether a child says or shows something: a verb of telling with a child before it."""
    draft, people = reading.draft, reading.people
    return any(people.child_does(span.first) or draft.tokens[span.first].quoted for span in draft.spans("source"))


def _somebody_after(reading: Reading, first: int) -> bool:
    """Say whether somebody else than the doer, who may be the child, does something after the act."""
    draft, people = reading.draft, reading.people
    doer = people.subject(first)[1]
    for index in range(first + 1, len(draft)):
        form = verb_form(draft.tokens[index].lower)
        if form not in ("past", "s", "base") or draft.tokens[index].quoted or people.at(index):
            continue
        kind, name = people.subject(index)
        pronoun = kind == "pronoun" and name in ("he", "she", "they") and people.antecedent(index) in ("child", "sibling", "")
        if name != doer and (pronoun or (kind == "" and name)):
            return True
    return False


def _child_said(reading: Reading) -> list[Span]:
    """Return quotations that follow a child by a few words: what the child said."""
    tokens = reading.draft.tokens
    spans = []
    for index in range(1, len(tokens)):
        if tokens[index].quoted and not tokens[index - 1].quoted:
            kind, name = reading.people.subject(index)
            if kind in ("child", "sibling") or (kind == "pronoun" and name in ("he", "she", "they")):
                last = index
                while last < len(tokens) and tokens[last].quoted:
                    last += 1
                spans.append(Span(index, last, "said"))
    return spans
