"""What a draft holds, as far as words can tell: the ground on which all seven rubrics stand."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cached_property

from sopkit.hints.form import form
from sopkit.hints.lexicon import is_a
from sopkit.hints.people import People
from sopkit.hints.text import Draft, Span
from sopkit.hints.times import Times


@dataclass(frozen=True, slots=True)
class Mark:
    """A suggested score with its ground. `sure` marks may become a question for the learner; the others are for the coach alone."""

    score: int
    why: str
    evidence: tuple[str, ...] = ()
    defect: str = ""
    sure: bool = False


class Reading:
    """A draft with its people and times, and the findings that several rubrics share."""

    def __init__(self, text: str, names: Collection[str] = (), sibling: str = "sibling") -> None:
        self.draft = Draft(text)
        self.people = People(self.draft, names, sibling)
        self.times = Times(self.draft.plain, text)
        self.form = form(self.draft)
        self.count = len(self.draft.words)

    def quotes(self, spans: Iterable[Span], most: int = 3) -> tuple[str, ...]:
        """Return the exact words of up to `most` spans, without repeats."""
        found = dict.fromkeys(self.draft.quote(span.first, span.last) for span in spans)
        return tuple(found)[:most]

    def mood(self, span: Span) -> str:
        return self.draft.mood(span.first)

    @cached_property
    def child(self) -> bool:
        """Whether a child is in the draft at all."""
        return bool(self.people.of("child", "sibling")) or self.draft.has("office-child")

    @cached_property
    def child_name(self) -> str:
        return self.people.name_of("child")

    @cached_property
    def adults(self) -> list[str]:
        """Return the names of grown-ups who are not known professionals, in order, without repeats."""
        kinds = ("parent", "partner", "kin", "community", "")
        return list(dict.fromkeys(mention.name for mention in self.people.named(*kinds)))

    @cached_property
    def caregiver_name(self) -> str:
        return self.people.name_of("parent") or next(
            (name for name in self.adults if self.people.kinds.get(name, "") in ("", "partner", "kin")), ""
        )

    @cached_property
    def slips(self) -> list[Span]:
        """Return office words, labels of illness and blame that are the writer's own: not quoted, and each place once."""
        spans: list[Span] = []
        for span in self.draft.spans("jargon", "diagnosis", "blame", "label-harm", "comply-only", quoted=False):
            if not self.harmless(span) and not any(span.first < other.last and other.first < span.last for other in spans):
                spans.append(span)
        seen: dict[str, Span] = {}
        for span in spans:
            seen.setdefault(self.draft.quote(span.first, span.last).lower().rstrip("s"), span)
        return list(seen.values())

    def _of_agency(self, span: Span) -> bool:
        return any(span.first < other.last and other.first < span.last for other in self.draft.spans("agency", "professional"))

    def harmless(self, span: Span) -> bool:
        """Say whether an office word is plain here: a name, or "affect" the verb, or the child's own need."""
        tokens = self.draft.tokens
        word = tokens[span.first]
        if self.people.at(span.first) and self.people.at(span.first).name:  # type: ignore[union-attr]
            return True
        if self._of_agency(span):
            return True
        short = span.last - span.first == 1 and len(word.text) <= 3
        return (
            short
            and not word.text.isupper()
            and word.lower in ("mat", "gal", "mo", "fa", "le", "rp", "ua", "odd", "rad", "aa", "na", "ard", "ward", "dv", "bm")
        )

    @cached_property
    def services(self) -> list[Span]:
        """Return services for grown-ups: not the child's school, care or a thing ("class book", "program on TV")."""
        spans: list[Span] = []
        for span in self.draft.spans("service", "comply-only", quoted=False):
            if not self._childs_own(span) and not self._of_agency(span) and not any(span.first < other.last for other in spans):
                spans.append(span)
        return spans

    def _childs_own(self, span: Span) -> bool:
        tokens = self.draft.tokens
        before = [token.lower for token in tokens[max(0, span.first - 3) : span.first]]
        after = [token.lower for token in tokens[span.last : span.last + 3]]
        word = tokens[span.last - 1].lower
        single = span.last - span.first == 1
        if single and word in (
            "class",
            "classes",
            "group",
            "groups",
            "test",
            "tests",
            "program",
            "programs",
            "meeting",
            "meetings",
            "course",
            "session",
            "services",
            "resources",
            "assessment",
            "treatment",
            "treatments",
            "intake",
        ):
            if word == "treatment" and "silent" in before[-1:]:
                return True
            if (
                word in ("test", "tests", "assessment")
                and not {"his", "her"} & set(before[-1:])
                and not {"drug", "hair", "urine", "random", "clean"} & set(before)
            ):
                return True
            if (
                word in ("class", "classes")
                and after[:1]
                and after[0] in ("book", "trip", "room", "picture", "mate", "pet", "play", "party", "work", "list", "photo")
            ):
                return True
            if word in ("program", "programs") and {
                "tv",
                "television",
                "watched",
                "watching",
                "radio",
                "computer",
                "lunch",
                "front",
                "favorite",
                "watches",
                "show",
            } & set(before + after):
                return True
            if (
                {
                    "in",
                    "of",
                    "to",
                    "during",
                    "after",
                    "from",
                    "for",
                    "at",
                    "miss",
                    "missed",
                    "math",
                    "gym",
                    "reading",
                    "school",
                    "second-grade",
                    "first-grade",
                    "late",
                }
                & set(before[-1:])
                and word in ("class", "classes")
                and not self.draft.has("comply-only")
            ):
                return True
            if {
                "our",
                "monthly",
                "family",
                "network",
                "team",
                "next",
                "the",
                "every",
                "each",
                "at",
                "staff",
                "school",
                "text",
                "chat",
                "reading",
                "a",
                "weekly",
            } & set(before[-1:]) and word in ("meeting", "meetings", "group", "groups"):
                return not {"aa", "na", "his", "her", "attend", "attends", "going", "go", "goes"} & set(before)
        owner = next((self.people.at(i) for i in range(span.first - 1, max(-1, span.first - 4), -1) if self.people.at(i)), None)
        if (
            owner
            and owner.kind == "child"
            and word
            in (
                "class",
                "therapy",
                "treatment",
                "treatments",
                "meeting",
                "program",
                "test",
                "tests",
                "appointment",
                "session",
                "sessions",
                "group",
                "evaluation",
                "assessment",
            )
        ):
            return True
        return bool(before) and is_a(before[-1], "child-care")

    def part(self, *labels: str) -> range:
        """Return the tokens of the field whose label begins with or holds one of these words; all of them in free-running text."""
        fields = {label.replace("/", " ").replace("+", " "): range(*ends) for label, ends in self.draft.fields().items()}
        for label, field in fields.items():
            if label.split()[0] in labels:
                return field
        for label, field in fields.items():
            if any(word in labels for word in label.split()):
                return field
        return range(0) if self.draft.fields() else range(len(self.draft))

    def times_outside(self, sentences: set[int]) -> Times:
        """Return the time words of all but some sentences."""
        plain = self.draft.plain
        for first, last in self.draft.sentences:
            if self.draft.tokens[first].sentence in sentences:
                start, end = self.draft.tokens[first].start, self.draft.tokens[last - 1].end
                plain = plain[:start] + " " * (end - start) + plain[end:]
        return Times(plain, self.draft.text)

    def has_part(self, *labels: str) -> bool:
        return bool(self.draft.fields()) and len(self.part(*labels)) > 0

    def plain(self, letter: str, longest: int = 110, limit: int = 130, shortest: int = 0) -> Mark:
        """Score plain, short, fair words (H5, D5, G6): slips, their weight in the draft, and its length."""
        slips = self.slips
        words = self.quotes(slips, 4)
        if self.count > limit:
            return Mark(0, f"{self.count} words: too long to take in at once.", words, "too_long", True)
        if defect_is_survivor := self._slip_defect(slips) == "blames_survivor":
            return Mark(0, "The survivor of violence is blamed.", words, "blames_survivor", defect_is_survivor)
        weight = sum(span.last - span.first for span in slips) / max(1, self.count)
        own = [span for span in slips if span.last - span.first > 1 or not is_a(self.draft.tokens[span.first].lower, "everyday")]
        sure = bool(own) or len(slips) > 2
        defect = self._slip_defect(slips)
        blames = sum(span.kind == "blame" for span in slips)
        if len(slips) >= 4 or blames >= 3 or (len(slips) >= 2 and weight > 0.16) or weight > 0.3:
            return Mark(0, "Mostly office words, labels or blame.", words, defect, sure)
        if slips:
            return Mark(1, "One or two words a family would not use.", words, defect, sure)
        if self.count > longest:
            return Mark(1, f"{self.count} words: a little long.", (), "too_long", False)
        if self.count < shortest:
            return Mark(1, "Very short.", (), "too_short", False)
        return Mark(2, "No office words, labels or blame found.")

    def _slip_defect(self, slips: list[Span]) -> str:
        kinds = [span.kind for span in slips]
        if not kinds:
            return ""
        if self.draft.has("blames-survivor", quoted=False) and "blame" in kinds:
            return "blames_survivor"
        kinds = [kind if kind in ("blame", "diagnosis") else "jargon" for kind in kinds]
        best = max(("jargon", "blame", "diagnosis"), key=kinds.count)
        return {"jargon": "jargon", "blame": "blames", "diagnosis": "diagnosis_label"}[best]
