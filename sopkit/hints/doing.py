"""What people will do: verbs a camera could show, words with no picture, witnesses, services that are the goal."""

from __future__ import annotations

from sopkit.hints.acts import conditional
from sopkit.hints.lexicon import is_a, lemma_of, verb_form
from sopkit.hints.reading import Reading
from sopkit.hints.text import Span

_OF_A_SAFE = ("the", "their", "his", "her", "own", "a", "gun", "locked", "wall")
VAGUE_LENGTHS = ("until", "till", "from", "since", "through")


def doings(reading: Reading, part: range | None = None) -> list[Span]:
    """Return verbs that a camera could show: not vague ones, not those of services, not negated, not the child's own."""
    draft = reading.draft
    kinds = ("vague-plan", "service", "feeling", "promise", "comply-only", "jargon", "absence", "no-backup")
    taken = {index for span in draft.spans(*kinds) for index in range(span.first, span.last)}
    serving = {draft.tokens[span.first].clause for span in reading.services}
    found = []
    for index in part if part is not None else range(len(draft)):
        token = draft.tokens[index]
        if (
            index in taken
            or not token.is_word
            or (is_a(lemma_of(token.lower), "empty-verb") and not _is_there(reading, index))
            or not verb_form(token.lower)
            or token.quoted
        ):
            continue
        if reading.people.at(index) or (is_a(token.lower, "comply") and token.clause in serving) or negated(reading, index):
            continue
        before = draft.tokens[index - 1].lower if index else ""
        after = draft.tokens[index + 1].lower if index + 1 < len(draft) else ""
        if (token.lower == "going" and after == "to") or (verb_form(token.lower) == "base" and before in ("on", "at", "from", "off", "in")):
            continue
        if is_a(before, "possessive") or before in ("of", "every", "each", "no", "any", "more", "instead") or before.endswith("'s"):
            continue
        if is_a(lemma_of(token.lower), "light-verb") and any(
            index < span.first <= index + 2 for span in draft.spans("feeling", "vague-plan")
        ):
            continue
        if verb_form(token.lower) == "ing" and any(
            t.lower in ("instead", "without", "than", "from") for t in draft.tokens[max(0, index - 3) : index]
        ):
            continue
        passive = any(lemma_of(t.lower) == "be" for t in draft.tokens[max(0, index - 8) : index] if t.sentence == token.sentence)
        if reading.people.subject(index)[0] == "child" and not (passive and verb_form(token.lower) in ("past", "part")):
            continue
        found.append(Span(index, index + 1, "doing"))
    return found


def negated(reading: Reading, index: int) -> bool:
    """Say whether a "not" reaches a verb, over a list of verbs too: "won't hit, shove or scream"."""
    tokens = reading.draft.tokens
    while index > 0:
        if reading.draft.negated(index, 3):
            return True
        before = index - 1
        if tokens[before].lower not in ("or", "nor", ",") or tokens[before].sentence != tokens[index].sentence:
            return False
        while before > 0 and tokens[before].lower in ("or", "nor", ",", "and"):
            before -= 1
        if not verb_form(tokens[before].lower):
            return False
        index = before
    return False


def sets_off(reading: Reading, index: int) -> bool:
    """Say whether a verb belongs to "when he yells" and not to what follows: "when he yells she drives over"."""
    tokens, people = reading.draft.tokens, reading.people
    if not conditional(reading, index):
        return False
    before = [i for i in range(index) if tokens[i].clause == tokens[index].clause]
    verb = next((i for i in before if verb_form(tokens[i].lower) and not people.at(i)), None)
    if verb is None:
        return True
    return not any(tokens[i].lower in ("he", "she", "they", "i", "we") or (people.at(i) and i + 1 == index) for i in before if i > verb)


def _is_there(reading: Reading, index: int) -> bool:
    """Say whether "be" tells where somebody is: "be at the bus stop", "is home"."""
    tokens = reading.draft.tokens
    after = tokens[index + 1].lower if index + 1 < len(tokens) else ""
    over = {token.lower for token in tokens[index + 2 : index + 6]} & {"over", "stay", "sleep", "for", "fed", "bathed", "up"}
    person = after in ("him", "them", "dinner", "breakfast", "lunch", "supper", "meals") or reading.people.at(index + 1) is not None
    person = person or bool(over and reading.people.at(index + 2))
    if lemma_of(tokens[index].lower) == "have" and person:
        return True
    return lemma_of(tokens[index].lower) == "be" and after in (
        "at",
        "in",
        "home",
        "there",
        "with",
        "awake",
        "beside",
        "next",
        "up",
        "within",
        "on",
    )


def distinct(reading: Reading, spans: list[Span]) -> int:
    """Return how many different words the spans begin with."""
    return len({lemma_of(reading.draft.tokens[span.first].lower) for span in spans})


def vague_words(reading: Reading, part: range | None = None) -> list[Span]:
    """Return words with no picture, other than nouns such as "the stable"."""
    draft = reading.draft
    inside = {index for span in [*reading.services, *draft.spans("witness", "witnessed")] for index in range(span.first, span.last)}
    links = {draft.tokens[span.first].sentence: span.first for span in reversed(draft.spans("link-child"))}
    found = []
    for span in draft.spans("vague-plan", "feeling", quoted=False):
        noun = (
            (span.kind == "feeling" or span.last - span.first == 1)
            and span.first
            and draft.tokens[span.first - 1].lower in ("the", "their")
        )
        after = draft.tokens[span.last].lower if span.last < len(draft) else ""
        noun = noun or (draft.tokens[span.last - 1].lower == "safe" and draft.tokens[span.last - 2].lower in _OF_A_SAFE)
        noun = noun or after in ("voice", "voices", "words", "tone", "hands", "grown-up", "adult", "driver", "drivers")
        benefit = span.first > links.get(draft.tokens[span.first].sentence, len(draft))
        if (part is None or span.first in part) and not noun and not benefit and span.first not in inside:
            found.append(span)
    return found


def service_is_goal(reading: Reading) -> bool:
    """Say whether someone is to attend, complete or keep to a service, not only to use what it taught."""
    draft = reading.draft
    for span in reading.services:
        if span.kind == "comply-only":
            return True
        sentence = draft.tokens[span.first].sentence
        near = [i for i in range(max(0, span.first - 6), span.first) if draft.tokens[i].sentence == sentence]
        aside = [i for i in near if draft.tokens[i].lower in ("when", "while", "if", "because", "since")]
        near = [i for i in near if not aside or i > aside[-1]]  # "does the feedings when she has class"
        if any(is_a(draft.tokens[i].lower, "comply") for i in near) and reading.people.subject(span.first)[0] != "child":
            return True
    return False


def witnesses(reading: Reading, caregiver: str | None = None) -> list[Span]:
    """Return the words that say somebody other than the caregiver will see it."""
    draft = reading.draft
    caregiver = reading.caregiver_name if caregiver is None else caregiver
    found = []
    for span in draft.spans("witness", quoted=False):
        after = draft.tokens[span.last].lower if span.last < len(draft) else ""
        if draft.tokens[span.first].lower in ("count", "counts") and after in ("to", "down", "on"):
            continue
        kind, name = reading.people.subject(span.first, objects=True)
        other = name and name != caregiver and kind not in ("child", "pronoun")
        if (kind in ("kin", "community", "professional") and (not name or name != caregiver)) or other or name in ("we", "they"):
            found.append(span)
    return sorted([*found, *draft.spans("witnessed", quoted=False)], key=lambda span: span.first)


def watching_of(reading: Reading) -> set[int]:
    """Return the tokens of witnesses' verbs, and of whole sentences that begin with a witness."""
    tokens, people = reading.draft.tokens, reading.people
    watching: set[int] = set()
    for span in witnesses(reading):
        watching |= set(range(span.first, span.last))
        first, last = next((a, b) for a, b in reading.draft.sentences if a <= span.first < b)
        begins = next((m for m in people.mentions if first <= m.index < min(last, first + 4)), None)
        if first and begins and begins.name != reading.caregiver_name and begins.kind != "child" and span.kind == "witness":
            watching |= {i for i in range(first, last) if tokens[i].sentence == tokens[first].sentence}
    return watching
