"""What grown-ups did or may do: the ground of harm and danger statements."""

from __future__ import annotations

from sopkit.hints.lexicon import is_a, lemma_of, verb_form
from sopkit.hints.people import Mention
from sopkit.hints.reading import Reading
from sopkit.hints.text import Span


def acts(reading: Reading) -> tuple[list[Span], list[Span]]:
    """Return what grown-ups did and what they may do; those told in quotation marks only when the others have no picture."""
    draft = reading.draft
    vague = {span.first for span in draft.spans("vague-act")}
    first: tuple[list[Span], list[Span]] = ([], [])
    for quoted in (False, True):
        done: list[Span] = []
        maybe: list[Span] = []
        for span in _candidates(reading):
            if draft.tokens[span.first].quoted == quoted and _is_act(reading, span):
                (maybe if _is_ahead(reading, span.first) else done).append(span)
        if {span.first for span in (*done, *maybe)} - vague:
            return done, maybe
        first = first if any(first) else (done, maybe)
    return first


def _candidates(reading: Reading) -> list[Span]:
    """Return the words that may be acts, in order: verbs of the lists, and care that was "not" given."""
    draft = reading.draft
    labels = {index for span in draft.spans("label-harm", "service", "comply-only", "blame") for index in range(span.first, span.last)}
    found = [span for span in draft.spans("act", "vague-act") if span.first not in labels and not _not_verb(reading, span)]
    found += [
        Span(index, index + 1, "act")
        for index, token in enumerate(draft.tokens)
        if is_a(token.lower, "omission")
        and draft.negated(index, 3)
        and draft.tokens[index - 1].lower not in ("could", "couldn't", "can't", "cannot")
    ]
    return sorted(found, key=lambda span: span.first)


def _is_act(reading: Reading, span: Span) -> bool:
    """Say whether a grown-up of the family does it: not a child (but "was hit" counts), a professional, the agency or a service."""
    draft, people = reading.draft, reading.people
    tokens, index = draft.tokens, span.first
    kind, name = people.subject(index)
    hurt = any(other.first == index for other in draft.spans("impact"))
    if people.at(index) or kind == "professional" or name == "it" or (name in ("we", "i") and draft.mood(index) == "did"):
        return False
    if kind == "child":
        if is_a(lemma_of(tokens[index].lower), "moved-by-agency"):
            return False
        helped = index - 1 - (tokens[index - 1].lower in ("not", "never", "being", "been"))
        return verb_form(tokens[index].lower) in ("past", "part") and (
            lemma_of(tokens[helped].lower) == "be" or tokens[helped].lower in ("were", "wasn't", "weren't")
        )
    if kind == "pronoun" and hurt and people.antecedent(index) == "child":
        return False
    if tokens[index].lower == "given" and not is_a(tokens[index - 1].lower, "finite"):
        return False
    if index in complying(reading) or _by_agency(reading, index):
        return False
    return not (index > 1 and tokens[index - 1].lower == "not" and tokens[index - 2].lower in ("could", "can"))


def _by_agency(reading: Reading, index: int) -> bool:
    """Say whether the agency or court is who does a verb: its name stands before it, and no person between."""
    draft, people = reading.draft, reading.people
    tokens = draft.tokens
    for span in draft.spans("agency", quoted=False):
        same = span.last <= index and tokens[span.first].sentence == tokens[index].sentence
        before = tokens[span.first - (2 if tokens[span.first - 1].lower == "the" else 1)].lower if span.first else ""
        if same and not is_a(before, "before-object") and not is_a(before, "reach"):
            between = {t.lower for t in tokens[span.last : index]} & {"he", "she", "they", "who", "that"}
            return not between and not any(span.last <= m.index < index for m in people.mentions)
    return False


def by_somebody(reading: Reading, index: int) -> bool:
    """Say whether nobody known does a verb: "someone", "a man" stands before it, and no person between."""
    draft, people = reading.draft, reading.people
    spans = [s for s in draft.spans("unclear-person", quoted=False) if draft.tokens[s.first].sentence == draft.tokens[index].sentence]
    near = [s for s in spans if s.last <= index]
    if not near:
        return False
    words = {token.lower for token in draft.tokens[near[-1].last : index]}
    return not words & {"he", "she", "they", "who", "that"} and not any(near[-1].last <= m.index < index for m in people.mentions)


def takes_back(reading: Reading, span: Span) -> bool:
    """Say whether an act is only that a grown-up stayed with another or took them back."""
    people = reading.people
    certain = {m.name for m in people.of("child", "sibling") if not m.name or people.has_age(m)}
    for back in reading.draft.spans("taking-back"):
        if back.first <= span.first < back.last:
            near = [m for m in people.of("child", "sibling") if back.first <= m.index < back.last + 2]
            return not any(m.name in certain or not certain for m in near)
    return False


def complying(reading: Reading) -> set[int]:
    """Return the verbs of keeping to a service: those of the list that stand a little before one, in its sentence."""
    tokens = reading.draft.tokens
    places = [span.first for span in reading.services]
    return {
        span.first
        for span in reading.draft.spans("comply")
        if any(
            (span.first <= place < span.first + 12 or (place < span.first and "it" in [t.lower for t in tokens[span.last : span.last + 3]]))
            and tokens[place].sentence == tokens[span.first].sentence
            for place in places
        )
    }


def only_care(reading: Reading, span: Span) -> bool:
    """Say whether an act is only that there was no watching, caring or protecting."""
    return is_a(lemma_of(reading.draft.tokens[span.first].lower), "vague-care") and reading.draft.negated(span.first)


def _is_ahead(reading: Reading, index: int) -> bool:
    """Say whether an act is one that may come: after "may", "will" or "if", or in the present after "when"."""
    if reading.draft.mood(index) != "did":
        return True
    present = verb_form(reading.draft.tokens[index].lower) in ("s", "base")
    return conditional(reading, index) and (present or _looks_ahead(reading, index))


def _looks_ahead(reading: Reading, index: int) -> bool:
    sentence = reading.draft.tokens[index].sentence
    return any(t.sentence == sentence and t.lower in ("may", "might", "could") for t in reading.draft.tokens[index:])


def conditional(reading: Reading, index: int) -> bool:
    """Say whether a token stands in a clause that begins with "when" or "if"."""
    clause = reading.draft.tokens[index].clause
    first = next(token for token in reading.draft.tokens if token.clause == clause)
    return first.lower in ("when", "whenever", "if", "while", "as")


def _not_verb(reading: Reading, span: Span) -> bool:
    """Say whether a word that may be a verb stands where a noun would: "the hit", "his drink", "my push"."""
    tokens = reading.draft.tokens
    before = tokens[span.first - 1].lower if span.first else ""
    return before in (
        "the",
        "a",
        "an",
        "his",
        "her",
        "their",
        "my",
        "our",
        "your",
        "this",
        "that",
        "no",
        "of",
        "to's",
        "for",
        "in",
        "on",
        "old",
        "every",
        "each",
    ) or before.endswith("'s")


def adult_doings(reading: Reading, mood: str = "did") -> list[Span]:
    """Return verbs that a grown-up of the family is the subject of, in the past or (mood "maybe") to come: acts no list knows."""
    draft, people = reading.draft, reading.people
    taken = {i for s in draft.spans("vague-act", "service", "comply-only", "jargon", "label-harm") for i in range(s.first, s.last)}
    wanted = ("past", "part") if mood == "did" else ("base", "ing")
    spans = []
    comply = complying(reading)
    for index, token in enumerate(draft.tokens):
        if index in taken or index in comply or token.quoted or draft.mood(index) != mood or people.at(index):
            continue
        unknown = (
            mood == "maybe" and index > 0 and draft.tokens[index - 1].text in ("may", "might", "could") and not is_a(token.lower, "not")
        )
        if verb_form(token.lower) not in wanted and not (unknown and token.lower not in ("be", "have", "also", "again", "then", "even")):
            continue
        kind, name = people.subject(index)
        lemma = lemma_of(token.lower)
        family = kind in ("parent", "partner", "kin") or (name and kind == "")
        if mood == "maybe" and kind == "pronoun" and name in ("he", "she", "they") and people.antecedent(index) != "child":
            family = True
        plain = not is_a(lemma, "telling") or lemma in ("come", "go", "make", "let", "get")
        if family and plain:
            spans.append(Span(index, index + 1, "act"))
    return spans


def habits(reading: Reading) -> list[Span]:
    """Return verbs in the present, known or not, that say what a caregiver does again and again: "props a chair", "two nights a week"."""
    draft, people = reading.draft, reading.people
    if not reading.times.frequency:
        return []
    comply = {index for span in reading.services for index in range(span.first - 6, span.last)}
    return [
        Span(index, index + 1, "act")
        for index, token in enumerate(draft.tokens)
        if token.lower.endswith("s")
        and len(token.lower) > 4
        and token.lower.isalpha()
        and not token.is_capital
        and not token.quoted
        and not is_a(lemma_of(token.lower), "telling")
        and not is_a(token.lower, "worry")
        and index not in comply
        and _follows_caregiver(reading, index)
        and people.subject(index)[0] in ("parent", "partner", "")
    ]


def _follows_caregiver(reading: Reading, index: int) -> bool:
    """Say whether a token stands right after a grown-up of the family: "Dad", "Carl, Ian's dad,"."""
    tokens = reading.draft.tokens
    before = index - 1 - (index > 1 and is_a(tokens[index - 1].lower, "before-verb"))
    before -= before > 0 and tokens[before].text in (",", ")")
    mention = reading.people.at(before) if before >= 0 else None
    return mention is not None and mention.kind not in ("child", "sibling", "professional") and mention.last == before + 1


def words_of(reading: Reading, mention: Mention) -> str:
    """Return the draft's words for a person."""
    return reading.draft.quote(mention.index, mention.last)
