"""Who commits in a network commitment, what that person cannot do, and who might cover."""

from __future__ import annotations

from sopkit.hints.lexicon import is_a, verb_form
from sopkit.hints.people import Mention
from sopkit.hints.plan import checks, inside
from sopkit.hints.reading import Reading
from sopkit.hints.text import Span

CLOSE = ("kin", "community", "partner", "sibling")


def member(reading: Reading) -> Mention | None:
    """Return the first named grown-up who is not only named as an owner: the one who commits."""
    tokens = reading.draft.tokens
    part = inside(reading, "who")
    for mention in reading.people.mentions:
        owner = tokens[mention.last - 1].lower.endswith("'s") or tokens[min(mention.last, len(tokens) - 1)].text == "'"
        grown = mention.kind != "child" or _speaks(reading, mention) or reading.form.get("who")
        close = mention.kind != "professional" or _also_close(reading, mention)
        if mention.name and mention.index in part and not owner and grown and close:
            return mention
    return None


def _also_close(reading: Reading, mention: Mention) -> bool:
    """Say whether a professional is called a friend, a neighbor or kin in the same sentence."""
    sentence = reading.draft.tokens[mention.index].sentence
    return any(not m.name and reading.draft.tokens[m.index].sentence == sentence for m in reading.people.of(*CLOSE))


def _speaks(reading: Reading, mention: Mention) -> bool:
    """Say whether a name is the writer's own: "I'm Howard", "My name is Will", "Vivian here"."""
    tokens = reading.draft.tokens
    before = [token.lower for token in tokens[max(0, mention.index - 2) : mention.index]]
    after = tokens[mention.last].lower if mention.last < len(tokens) else ""
    return (
        after == "here" or before[-1:] in (["i'm"], ["i"], ["soy"]) or before in (["i", "am"], ["name", "is"], ["name's"], ["my", "name's"])
    )


def others(reading: Reading, part: set[int] | range) -> list[Mention]:
    """Return the people of a part who are neither the member, the child, nor a pronoun: those who might cover or be told."""
    who = member(reading)
    known = {who.name if who else "", reading.child_name}
    tokens = reading.draft.tokens
    named = [m for m in reading.people.mentions if m.index in part]
    owned = [m for m in named if m.kind == "parent" and m.index and tokens[m.index - 1].lower.endswith("'s")]
    return [m for m in named if (m.name and m.name not in known) or (not m.name and m.kind in CLOSE) or m in owned]


def limits_of(reading: Reading) -> list[Span]:
    """Return the words for what the member cannot do, other than in a sentence that tells whom they will call."""
    draft = reading.draft
    slips = {draft.tokens[span.first].sentence for span in [*checks(reading, visits=False), *draft.spans("hold")]}
    return [s for s in draft.spans("limits", "busy-with", quoted=False) if draft.tokens[s.first].sentence not in slips]


def takes_over(reading: Reading, mention: Mention) -> bool:
    """Say whether a person is to do something, or is where the child goes: "Bo has those nights", "Mondays go to Mo"."""
    tokens = reading.draft.tokens
    owner = tokens[mention.last - 1].lower.endswith("'s")
    place = mention.index - 1
    while place > 0 and (is_a(tokens[place].lower, "possessive") or (reading.people.at(place) and not tokens[place].is_capital)):
        place -= 1
    before = tokens[place].lower if place >= 0 else ""
    if before in ("to", "by", "with", "it's", "then", "is"):
        return not any(verb_form(t.lower) == "past" for t in tokens[max(0, mention.index - 4) : mention.index])
    after = [t for t in tokens[mention.last : mention.last + 9] if t.sentence == tokens[mention.index].sentence]
    verbs = [t for t in after if verb_form(t.lower) or is_a(t.lower, "finite") or t.lower.endswith("'ll")]
    return (
        not owner and bool(verbs) and (verb_form(verbs[0].lower) != "past" or verbs[0].lower in ("has", "said")) and verbs[0].lower != "had"
    )
