"""Questions about a draft and suggested scores: the traps by name, what must hold for any text, and agreement with people's marks."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kappa import agreement, alarms, weighted_kappa
from sample import ROOT

from sopkit.hints import SKILLS, found, hints, identifiers, suggest

DEVELOPMENT = ROOT / "tests" / "statements" / "development"
SECOND = ROOT / "tests" / "statements" / "held-out"  # by other writers; a second development set since its first measurement
GOOD_HARM = (
    "Officer Pratt wrote that on the night of May 14 Delia, Moss's mother, drove with Moss (7) in the front seat after drinking most of a "
    "bottle of wine, and hit a parked van. Moss cut his forehead and needed six stitches. He told the medic, “I knew we were going to crash.”"
)
GOOD_DANGER = (
    "The agency, Moss's aunt Rae and Delia herself are worried that Delia may drive with Moss (7) after she has been drinking, as she did on "
    "May 14, and that Moss may be badly hurt in a crash."
)
GOOD_STEP = (
    "Who: Rae, Moss's aunt, two streets away\nDoes what: keeps both sets of car keys in her kitchen drawer and drives Moss to school\n"
    "When: from tonight, every day, until we meet on June 20\nBackup: if Rae is at work, her neighbor Mr. Ito drives. Rae texts the worker."
)


def scores(skill: str, draft: str, people: tuple[str, ...] = ()) -> dict[str, int]:
    return {name: suggestion.score for name, suggestion in suggest(skill, draft, people).items()}


# --- the whole of a good draft, and of the common zeros


@pytest.mark.parametrize(
    ("skill", "draft", "people"),
    [
        ("harm-statement", GOOD_HARM, ("Delia", "Moss")),
        ("harm-statement", GOOD_HARM, ()),
        ("danger-statement", GOOD_DANGER, ("Delia", "Moss", "Rae")),
        ("safety-plan-step", GOOD_STEP, ("Rae", "Moss", "Delia")),
    ],
)
def test_a_good_draft_is_left_alone(skill: str, draft: str, people: tuple[str, ...]) -> None:
    assert hints(skill, draft, people) == []
    assert set(scores(skill, draft, people).values()) == {2}


@pytest.mark.parametrize(
    ("skill", "draft", "criterion", "defect"),
    [
        ("harm-statement", "We are worried that Dad may hit Ana with a belt again when he drinks.", "H3", "future_not_past"),
        (
            "harm-statement",
            "Last Friday Paul, Izzy's dad, locked her in a shed. Izzy was placed in foster care.",
            "H4",
            "system_action_as_impact",
        ),
        (
            "harm-statement",
            "Mr. Lowe said that on May 3 Chris, Maya's father, threw a plate at her. Maya was affected.",
            "H4",
            "vague_impact",
        ),
        ("danger-statement", "We worry Kurt will not complete his parenting class.", "D6", "service_not_behavior"),
        ("danger-statement", "If Kurt hits Ana (3) again, the children will be removed.", "D6", "threat_of_agency_action"),
        ("danger-statement", "Dad hit Ana with a belt on Monday. She had a bruise.", "D3", "past_not_future"),
        ("safety-goal", "Kurt will complete anger management and individual therapy.", "G5", "service_not_behavior"),
        ("safety-goal", "Kurt will never hit Ana.", "G2", "absence_not_presence"),
        ("safety-plan-step", "Kurt promises he will never drink again.", "P6", "bare_promise"),
        ("safety-plan-step", "Everyone keeps an eye on Lily.", "P1", "no_caregiver"),
        ("case-plan-objective", "Mother will attend all of her classes and comply with the case plan.", "O6", "service_not_behavior"),
        ("visit-note", "Mom was appropriate and bonded with the baby.", "V5", "inference"),
        ("network-commitment", "Gran is there for them. She doesn't believe there was ever a problem.", "N2", "does_not_know_worry"),
    ],
)
def test_common_zeros_raise_a_question(skill: str, draft: str, criterion: str, defect: str) -> None:
    assert (criterion, defect) in {(hint.criterion, hint.defect) for hint in hints(skill, draft)}
    assert scores(skill, draft)[criterion] < 2


def test_a_question_uses_the_child_s_name_and_the_draft_s_words() -> None:
    draft = "Mr. Lowe said that on April 12 Chris, Maya's father, yelled and threw a plate at her. Maya was affected by this."
    (hint,) = hints("harm-statement", draft, ("Maya", "Chris", "Mr. Lowe"))
    assert "Maya" in hint.question
    assert hint.question.endswith("?")
    assert hint.words == "was affected"


def test_the_parts_that_are_there_are_quoted() -> None:
    parts = found("harm-statement", GOOD_HARM, ("Delia", "Moss"))
    assert set(parts) == {"H1", "H2", "H4", "H6"}
    assert all(words in GOOD_HARM for words in parts.values())


# --- traps: words that look like something else


TRAPS = {
    "a class book is no service": (
        "harm-statement",
        "Mr. Hart saw that on Tuesday Faith, Will's mom, threw his class book at his head. Will had a lump above his ear.",
        ("Faith", "Will", "Mr. Hart"),
    ),
    "names that are words": (
        "harm-statement",
        "May told the nurse that Mark, her dad, hit her with a cord on Sunday. Her leg bled and she cried. Hope and Grace saw it.",
        ("May", "Mark", "Hope", "Grace"),
    ),
    "Will may leave": (
        "danger-statement",
        "We at the agency and Grace are worried that Will may leave April (4) alone in the bath when his phone rings, and April may drown.",
        ("Will", "Grace", "April"),
    ),
    "a child's own treatment": (
        "harm-statement",
        "The clinic nurse reported that Rosa, Ben's mother, did not bring him to his asthma treatment for six weeks. Ben could not breathe.",
        ("Rosa", "Ben"),
    ),
    "a program on TV": (
        "visit-note",
        "5/3, 4 to 5:30 pm, Rosa's flat. Rosa, Ben (6) and I were there. A program was on TV. Ben said “louder.” Rosa turned it down and sat next "
        "to him. He pushed her hand away. She yelled “stop,” then said sorry and he leaned on her arm. I told the worker at 6.",
        ("Rosa", "Ben"),
    ),
    "a worry in a child's mouth": (
        "harm-statement",
        "Ana (8) told her teacher, “I worry he will hit me again.” On Monday her stepdad, Luis, hit her with a belt. She had welts on her back.",
        ("Ana", "Luis"),
    ),
    "somebody else's ugly words": (
        "harm-statement",
        "Ms. Park heard Dan, Ty's father, shout “you lazy, selfish brat, you are a bipolar freak” on June 2. Ty hid under a desk and shook.",
        ("Dan", "Ty", "Ms. Park"),
    ),
    "caregivers as they": (
        "harm-statement",
        "The landlord told us that Ed and Jo, Tim's parents, went out on Friday night and they left him alone until 3 a.m. Tim (4) cried and wet the bed.",
        ("Ed", "Jo", "Tim"),
    ),
    "kept home is an act": (
        "harm-statement",
        "May (7) did not attend 31 of the last 60 school days because Dad, Curtis, kept her home to mind the baby. May told her teacher, "
        "“I forgot how the long words go.”",
        ("May", "Curtis"),
    ),
    "not feeding is an act": (
        "harm-statement",
        "Gran told the worker that Kim, Lu's mother, did not feed her for two days in June. Lu (2) cried and lost three pounds.",
        ("Kim", "Lu"),
    ),
    "the stable": (
        "safety-goal",
        "Rose and her sister Grace will walk beside Chase (6) each time he goes into the stable, so that he can see the foals and not be kicked. "
        "Grace will count the days for the worker until June.",
        ("Rose", "Grace", "Chase"),
    ),
}


@pytest.mark.parametrize(("skill", "draft", "people"), TRAPS.values(), ids=TRAPS)
def test_traps_raise_no_question(skill: str, draft: str, people: tuple[str, ...]) -> None:
    assert hints(skill, draft, people) == []


@pytest.mark.parametrize(("skill", "draft", "people"), TRAPS.values(), ids=TRAPS)
def test_curly_and_straight_quotes_read_alike(skill: str, draft: str, people: tuple[str, ...]) -> None:
    straight = draft.replace("“", '"').replace("”", '"')
    assert scores(skill, draft, people) == scores(skill, straight, people)
    assert scores(skill, draft.replace("'", "’"), people) == scores(skill, draft, people)


def test_a_draft_in_spanish_is_left_alone() -> None:
    assert (
        hints("harm-statement", "El viernes su papá le pegó a Ana con un cinturón y ella se escondió debajo de la cama en la casa.") == []
    )


def test_labels_of_fields_are_not_content() -> None:
    bare = "Who: Rae\nDoes what: \nWhen: \nBackup: "
    assert scores("safety-plan-step", bare, ("Rae",)) == dict.fromkeys(("P1", "P2", "P3", "P4", "P5", "P6"), 0)


@pytest.mark.parametrize(
    "draft", ["", " \n ", "Neglect.", "asdf qwer zxcv hjkl", "____ did ____ to ____", "[caregiver] did [act] and [child] was hurt."]
)
@pytest.mark.parametrize("skill", SKILLS)
def test_a_draft_that_says_nothing_scores_nothing(skill: str, draft: str) -> None:
    assert set(scores(skill, draft).values()) == {0}
    assert len(hints(skill, draft)) <= 1


def test_an_unknown_skill_is_refused() -> None:
    with pytest.raises(KeyError):
        suggest("poem", "Roses are red.")


# --- what must hold for any text

WORDS = st.lists(
    st.sampled_from(
        (
            *(
                "Ana",
                "Luis",
                "Will",
                "May",
                "Mr.",
                "Mom",
                "dad",
                "the worker",
                "may",
                "could",
                "will not",
                "did not",
                "hit",
                "left",
                "was",
                "feed",
                "cried",
            ),
            *(
                "if",
                "when",
                "so that",
                "and",
                ",",
                ".",
                ":",
                "\n",
                "Who:",
                "Backup:",
                "“",
                "”",
                "'",
                '"',
                "(6)",
                "p.m.",
                "5/18",
                "every night",
                "class",
            ),
            *(
                "therapy",
                "DV",
                "selfish",
                "İ",
                "ß",
                "…",
                "-",
                "—",
                "until",
                "June 3",
                "told",
                "saw",
                "worried",
                "that",
                "she",
                "they",
                "Tía",
                "niño",
            ),
        )
    ),
    max_size=60,
).map(" ".join)


@settings(deadline=None, max_examples=150)
@given(
    skill=st.sampled_from(SKILLS),
    draft=st.one_of(st.text(max_size=300), WORDS),
    people=st.lists(st.sampled_from(("Ana", "Luis", "Mr. Will", "")), max_size=3),
)
def test_any_text_gets_scores_and_exact_words(skill: str, draft: str, people: list[str]) -> None:
    suggested = suggest(skill, draft, people)
    letter = next(iter(suggested))[0]
    assert list(suggested) == [f"{letter}{number}" for number in range(1, 7)]
    for name, suggestion in suggested.items():
        assert suggestion.criterion == name
        assert suggestion.score in (0, 1, 2)
        assert suggestion.why
        assert all(words and words in draft for words in suggestion.evidence)
    asked = hints(skill, draft, people)
    assert len(asked) <= 4
    assert all(hint.criterion in suggested and hint.words in draft and hint.question.endswith("?") for hint in asked)
    assert all(words in draft for words in found(skill, draft, people).values())
    assert all(identifier.words in draft for identifier in identifiers(draft, people))
    assert (suggested, asked) == (suggest(skill, draft, people), hints(skill, draft, people))


@settings(deadline=None, max_examples=30)
@given(slur=st.sampled_from(("lazy", "selfish", "junkie", "bipolar", "non-compliant", "failed to protect")))
def test_office_words_count_only_when_they_are_the_writer_s_own(slur: str) -> None:
    said = f"{GOOD_HARM} His uncle shouted “{slur}” from the street."
    assert scores("harm-statement", said)["H5"] == 2
    assert scores("harm-statement", said.replace("“", "").replace("”", ""))["H5"] < 2


@pytest.mark.parametrize("word", ["Never", "wrong", "fail", "incorrect", "!"])
def test_no_question_blames_the_learner(word: str) -> None:
    asked = [
        hint.question
        for skill in SKILLS
        for draft in (GOOD_STEP, "Mom is bipolar. DV.", "He will attend therapy.")
        for hint in hints(skill, draft)
    ]
    assert not [question for question in asked if word in question]


# --- words that point to a real person


@pytest.mark.parametrize(
    ("draft", "kind", "words"),
    [
        ("Chris yelled (case 22-104873).", "case-number", "22-104873"),
        ("Referral #A1048737 came in.", "case-number", "A1048737"),
        ("Call me at (555) 010-4477 today.", "phone", "(555) 010-4477"),
        ("Her number is 555-0144.", "phone", "555-0144"),
        ("Write to dee.h@example.org soon.", "email", "dee.h@example.org"),
        ("They live at 412 Maple Street, Apt 3.", "address", "412 Maple Street, Apt 3"),
        ("Ana, DOB 4/2/2016, cried.", "birth-date", "DOB 4/2/2016"),
        ("Her SSN is 078-05-1120.", "ssn", "078-05-1120"),
        ("Then Ana Whitlock hid in the bath.", "full-name", "Ana Whitlock"),
    ],
)
def test_identifiers_are_found(draft: str, kind: str, words: str) -> None:
    (identifier,) = identifiers(draft, ("Ana", "Chris"))
    assert (identifier.kind, identifier.words) == (kind, words)
    assert words in identifier.question


@pytest.mark.parametrize(
    "draft",
    [
        "She was in the hospital in 2019 and in 2021.",
        "He came at 7:30 and left at 9.00-10.20 a.m.",
        "Maya is in grade 3 and reads at grade 1.",
        "On 5/18 Mr. Lowe saw Maya Harper's brother.",
        "Grandma Pat, Aunt Lu and Coach Bell met at the Elm Street office on Labor Day.",
        "Mr. Tran from 4B came on 31 of the last 60 days.",
        "The twins were seen at McKinley Park. New Year's Eve was loud.",
        "He lost 4 pounds and 1,200 dollars in 18 months.",
    ],
)
def test_plain_facts_are_no_identifiers(draft: str) -> None:
    assert identifiers(draft, ("Maya Harper", "Theo", "Mr. Lowe")) == []


# --- agreement with people's marks

FLOOR = {
    DEVELOPMENT: {"G2": 0.75, "P2": 0.75, "P4": 0.7, "N3": 0.75},
    SECOND: {"D2": 0.75, "G3": 0.65, "G6": 0.75, "P4": 0.75, "O2": 0.75},
}


@pytest.mark.parametrize(("folder", "floor"), [(DEVELOPMENT, 0.8), (SECOND, 0.8)], ids=["development", "held-out"])
def test_suggestions_agree_with_people_s_marks(folder: Path, floor: float) -> None:
    low = {name: round(found.kappa, 2) for name, found in agreement(folder).items() if found.kappa < FLOOR[folder].get(name, floor)}
    assert low == {}


@pytest.mark.parametrize("folder", [DEVELOPMENT, SECOND], ids=["development", "held-out"])
def test_good_statements_raise_hardly_any_question(folder: Path) -> None:
    raised, good = alarms(folder)
    assert good > 30
    assert len(raised) <= 0.05 * good, raised


@pytest.mark.parametrize(
    ("pairs", "kappa"),
    [
        ([(0, 0), (1, 1), (2, 2)], 1.0),
        ([(0, 2), (2, 0)], -1.0),
        ([(0, 0), (0, 1), (1, 1), (2, 2)], 6 / 7),
        ([(2, 2), (2, 2)], 1.0),
    ],
)
def test_weighted_kappa(pairs: list[tuple[int, int]], kappa: float) -> None:
    assert weighted_kappa(pairs) == pytest.approx(kappa, abs=0.06)


def test_nothing_heavy_is_imported() -> None:
    """A learner's small kernel imports this: no word list is read and no data library loaded until the first draft."""
    code = "import sys, sopkit.hints; print(*sorted({'numpy', 'pandas', 'yaml', 'pydantic', 'sqlalchemy'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == ""
