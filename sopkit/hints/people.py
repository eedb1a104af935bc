"""Who is who in a draft: the names, and what each is to the child."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sopkit.hints.children import childhood
from sopkit.hints.lexicon import Lexicon, bare, is_a, lemma_of, verb_form
from sopkit.hints.names import find_names
from sopkit.hints.text import Draft

ROLES = ("child", "sibling", "parent", "partner", "kin", "community", "professional")


_SYSTEM = (
    "safety",
    "welfare",
    "care",
    "protective",
    "protection",
    "support",
    "services",
    "abuse",
    "neglect",
    "endangerment",
    "development",
)


@dataclass(frozen=True, slots=True)
class Mention:
    """A person's name or role word at a token; `kind` is one of ROLES, or "" when unknown."""

    index: int
    last: int
    name: str
    kind: str


class People:
    """The people of a draft. With no list of names they are guessed from capital letters."""

    def __init__(self, draft: Draft, names: Collection[str], sibling: str = "sibling") -> None:
        self.draft = draft
        self._sibling = sibling
        self._roles: dict[int, str] = {}
        for kind in ROLES:
            for span in draft.spans(kind):
                if kind == "child" and any(other.first == span.last for other in draft.spans("community", "professional")):
                    continue  # "youth pastor", "child psychologist"
                for index in range(span.first, span.last):
                    self._roles.setdefault(index, kind)
        self._last_of_role = {span.first: span.last for kind in ROLES for span in draft.spans(kind) if span.first in self._roles}
        self._names = find_names(draft, names)
        self.kinds: dict[str, str] = {}
        self._called: dict[str, list[str]] = {}
        owners: set[str] = set()  # children only because somebody is "Zeke's uncle"
        for index, (last, name) in self._names.items():
            near = [
                i
                for i in range(max(0, index - 2), min(len(draft), last + 5))
                if i in self._roles and draft.tokens[i].sentence == draft.tokens[index].sentence
            ]
            self._called.setdefault(name, []).extend(
                draft.tokens[i].lower
                for i in near
                if (i < index and not any(verb_form(t.lower) for t in draft.tokens[i + 1 : index]))
                or (i - last < 4 and last < len(draft) and draft.tokens[last].lower in (",", "("))
            )
            kind = self._kind_here(index, last)
            owner = kind == "child" and draft.tokens[last - 1].lower.endswith(("'s", "s'"))
            if kind and (self.kinds.get(name) not in ("child", "parent") or (name in owners and not owner)):
                self.kinds[name] = kind
                owners = owners | {name} if owner else owners - {name}
        weights = childhood(draft, self._names, self._roles)
        unknown = [name for name in weights if name not in self.kinds and weights[name] >= 0]
        lone = len(unknown) == 1 and "child" not in self.kinds.values() and any(weight < 0 for weight in weights.values())
        for name, weight in weights.items():
            if name not in self.kinds and (weight > 0 or (lone and name in unknown)):
                self.kinds[name] = "child"
            elif weight < 0 and name in owners:
                del self.kinds[name]
        self.mentions = self._all_mentions()
        self._at = {mention.index: mention for mention in self.mentions}

    def of(self, *kinds: str) -> list[Mention]:
        return [mention for mention in self.mentions if mention.kind in kinds]

    def named(self, *kinds: str) -> list[Mention]:
        return [mention for mention in self.mentions if mention.name and mention.kind in kinds]

    def name_of(self, *kinds: str) -> str:
        """Return the first name of a person of this kind, or ""."""
        return next((mention.name for mention in self.mentions if mention.name and mention.kind in kinds), "")

    def at(self, index: int) -> Mention | None:
        return next((mention for mention in self.mentions if mention.index <= index < mention.last), None)

    def subject(self, index: int, objects: bool = False) -> tuple[str, str]:
        """Return (kind, name) of who most likely does the verb at a token: ("pronoun", "he") when only a pronoun stands there."""
        tokens = self.draft.tokens
        sentence = tokens[index].sentence
        place = index - 1
        while place >= 0 and tokens[place].sentence == sentence:
            if tokens[place].quoted != tokens[index].quoted:
                place -= 1
                continue
            mention = self._at.get(place)
            following = tokens[mention.last].lower if mention and mention.last < len(tokens) else ""
            if (
                mention
                and following not in ("'s",)
                and not tokens[mention.last - 1].lower.endswith("'s")
                and (objects or not (self._is_object(place) or self._is_helped(place, index)))
            ):
                return mention.kind, mention.name
            pronoun = tokens[place].lower.partition("'")[0]
            if pronoun in ("he", "she", "they", "i", "we", "it", "nobody", "someone"):
                return "pronoun", pronoun
            place -= 1
        return "", ""

    def child_does(self, index: int) -> bool:
        """Say whether a child, by name, role or pronoun, is the one who does the verb at a token."""
        kind, name = self.subject(index)
        return kind in ("child", "sibling") or (kind == "pronoun" and name in ("he", "she", "they") and self.antecedent(index) == "child")

    def has_age(self, mention: Mention) -> bool:
        """Say whether a child's age follows any mention of this name: "Bug (6)"."""
        return any(self._age_at(other.last) for other in self.mentions if other.name == mention.name)

    def is_object(self, mention: Mention) -> bool:
        """Say whether something is done to, for or with a person, who does nothing there."""
        return self._is_object(mention.index)

    def _is_helped(self, place: int, index: int) -> bool:
        """Say whether a person only does the first verb after "have" or "let": "has Fay sleep at her place and brings her"."""
        tokens = self.draft.tokens
        between = [i for i in range(self._at[place].last, index) if verb_form(tokens[i].lower) and tokens[i].is_word]
        return place > 0 and bool(between) and is_a(lemma_of(tokens[place - 1].lower), "causative")

    def _is_object(self, place: int) -> bool:
        """Say whether a person stands after a preposition or a verb, alone or in a list: "to Zed and Ama", "takes the baby"."""
        tokens = self.draft.tokens
        last = self._at[place].last
        if last < len(tokens) and tokens[last].text == "(":
            last = next((i + 1 for i in range(last, min(last + 6, len(tokens))) if tokens[i].text == ")"), last)
        after = tokens[last].lower if last < len(tokens) else ""
        if is_a(after, "finite") or verb_form(after) in ("s", "past"):
            return False
        while place > 1 and tokens[place - 1].lower in ("and", "or", ","):
            earlier = max((m for m in self.mentions if place - 5 <= m.last <= place - 1), key=lambda m: m.last, default=None)
            if not earlier or any(verb_form(token.lower) for token in tokens[earlier.last : place - 1]):
                return False
            place = earlier.index
        before = place - 1
        while (
            before >= 0
            and tokens[before].lower != "that"
            and (
                any(is_a(tokens[before].lower, kind) for kind in ("possessive", "age-word"))
                or tokens[before].lower in ("both", "all", "several")
            )
        ):
            before -= 1
        if before < 0 or tokens[before].sentence != tokens[place].sentence:
            return False
        word = tokens[before].lower
        return is_a(word, "before-object") or (
            bool(verb_form(word)) and not is_a(lemma_of(word), "before-clause") and before not in self._names
        )

    def antecedent(self, index: int) -> str:
        """Return the kind of the person a pronoun before a token most likely means: the last one named whose gender fits."""
        tokens = self.draft.tokens
        pronoun = self.subject(index)[1]
        other = {"he": "female", "she": "male"}.get(pronoun, "")
        for mention in reversed(self.mentions):
            owner = tokens[mention.last - 1].lower.endswith("'s")
            if mention.index < index and not owner and not (other and self._gender(mention) == other):
                return mention.kind
        return ""

    def _gender(self, mention: Mention) -> str:
        words = [self.draft.tokens[i].lower for i in range(mention.index, mention.last)]
        words += self._called.get(mention.name, []) if mention.name else []
        return next((gender for gender in ("male", "female") if any(is_a(bare(word), gender) for word in words)), "")

    def _all_mentions(self) -> list[Mention]:
        mentions = [Mention(index, last, name, self.kinds.get(name, "")) for index, (last, name) in self._names.items()]
        taken = {index for index, (last, _) in self._names.items() for index in range(index, last)}
        for index, last in self._last_of_role.items():
            after = self.draft.tokens[last].lower if last < len(self.draft) else ""
            if index not in taken and not (self._roles[index] == "child" and after in _SYSTEM):
                kind = self._roles[index]
                mentions.append(Mention(index, last, "", self._sibling if kind == "sibling" else kind))
        return sorted(mentions, key=lambda mention: mention.index)

    def _kind_here(self, first: int, last: int) -> str:
        """Read the words around a name: an age, "her son Theo", "Theo's mother", "Pete, Drew's uncle", "Ms. Park from daycare"."""
        tokens = self.draft.tokens

        def word(index: int) -> str:
            return tokens[index].lower if 0 <= index < len(tokens) else ""

        if self._age_at(last):
            return "child"
        title = word(first)
        inside = Lexicon.load()
        for kind in ("kin", "community", "professional", "parent"):
            if title in inside.words(kind) and last - first > 1:
                return kind
        if title == "baby":
            return "child"
        if tokens[last - 1].lower.endswith(("'s", "s'")):
            if is_a(word(last), "of-a-child") and last not in self._roles:
                return "child"
            after = next((place for place in range(last, last + 3) if place in self._roles), None)
            if after is not None and word(after - 1) != "," and (self._roles[after] == "parent" or is_a(word(after), "of-a-child")):
                return "child"
            return ""
        if first - 1 in self._roles and tokens[first - 1].sentence == tokens[first].sentence and not word(first - 1).endswith("'s"):
            return self._child_or_sibling(first - 1)
        place = last
        if word(place) in (",", "(", "is", "-", "—", "–"):
            place += 1
            if word(place) in ("who", "whose"):
                place += 2
            if word(place) == "is":
                place += 1
            for place in range(place, place + 5):  # noqa: B020
                if place in self._roles and not word(place).endswith("'s") and word(place + 1) != "'":
                    return self._child_or_sibling(place)
                named = place in self._names and not word(place).endswith("'s")
                if word(place) in (",", ".", ")", ";", "") or named or (verb_form(word(place)) and not is_a(word(place), "adjective")):
                    break
        if word(first - 1) in (",", "(") and first - 2 in self._roles and not word(first - 2).endswith("'s"):
            return self._child_or_sibling(first - 2)
        if title in ("ms", "mr", "mrs", "miss", "dr") and any(is_a(word(p), "place") for p in range(last, last + 4)):
            return "professional"
        if title == "dr":
            return "professional"
        return ""

    def _child_or_sibling(self, index: int) -> str:
        kind = self._roles[index]
        return "kin" if kind == "sibling" else kind

    def _age_at(self, index: int) -> bool:
        """Say whether a child's age stands here: "(6)", ", 9,", "(10 months)", ", who is ten,", "is four"."""
        tokens = self.draft.tokens[index : index + 6]
        words = [token.lower for token in tokens]
        if not words or words[0] not in ("(", ",", "is", "who", "-", "—", "turned", "turns", "age"):
            return False
        words = words[1:]
        for skip in ("who", "is", "now", "only", "just", "age", "aged", "almost", "he's", "she's", "turned", "about"):
            if words and words[0] == skip:
                words = words[1:]
        if not words:
            return False
        after = words[1] if len(words) > 1 else ""
        if words[0].endswith(("-year-old", "-month-old", "-week-old", "-day-old")):
            return not words[0][:2].isdigit() or int(words[0][:2]) < 18
        if not (is_a(words[0], "age-word") or (words[0].isdigit() and int(words[0]) < 18) or words[0] in ("a", "the")):
            return False
        if words[0] in ("a", "the"):
            return after in (
                "baby",
                "toddler",
                "newborn",
                "child",
                "teenager",
                "teen",
                "preschooler",
                "youngest",
                "oldest",
                "kindergartner",
            )
        return after in (")", ",", ".", "years", "months", "weeks", "month", "year", "days", "wks", "mos", "and", "mo", "yrs", "") or is_a(
            words[0], "age-word"
        )
