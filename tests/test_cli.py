"""The `sopkit` command on an academy of its own: what it does, what it says, what it refuses."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from sample import LESSON, LESSONS

from sopkit import cli, practice, signin
from sopkit.model import Mode, Person, Role, Session, Setting
from sopkit.store import Store

Run = Callable[..., str]


@pytest.fixture
def folder(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The data folder of an academy on a copy of the course, where commands are run."""
    monkeypatch.chdir(root / "solutions")
    monkeypatch.setenv("SOPKIT_ACADEMY", str(tmp_path / "data"))
    return tmp_path / "data"


@pytest.fixture
def run(folder: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """A function that runs a command and returns what it printed; `code` is the exit code it must have."""

    def command(*words: str, code: int = 0) -> str:
        assert cli.main(list(words)) == code
        out, err = capsys.readouterr()
        assert "Traceback" not in out + err
        assert bool(err) == bool(code) and (code == 0 or not out)
        return out + err

    return command


@pytest.fixture
def kept(folder: Path) -> Callable[[], Store]:
    """A function that opens the academy's store."""
    return lambda: Store(f"sqlite:///{folder / 'store.db'}")


def roster(tmp_path: Path, text: str = "id,name\np1,Ana Whitlock\np2,Kofi Barnes\n") -> str:
    (tmp_path / "class.csv").write_text(text, encoding="utf-8")
    return str(tmp_path / "class.csv")


# ---- check ----


def test_check_counts_what_it_read(run: Run) -> None:
    said = run("check")
    assert said.startswith(f"Safety Organized Practice: {len(LESSONS)} lessons, ") and said.endswith("No fault found.\n")


def test_check_names_every_fault(run: Run, root: Path) -> None:
    (root / "solutions" / LESSON / "mixed-a.yml").write_text("", encoding="utf-8")
    (root / "solutions" / LESSON / "mixed-b.yml").write_text("kind: guess\n", encoding="utf-8")
    said = run("check", code=1)
    assert (
        said.startswith("2 problems found:") and "mixed-a.yml: found an empty file" in said and "mixed-b.yml: kind: found 'guess'" in said
    )


def test_without_a_course(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOPKIT_COURSE", str(tmp_path))
    for words in (["check"], ["sessions"], ["open", "spring"]):
        assert "No course found" in run(*words, code=1)


# ---- open, close, sessions ----


def test_a_class_is_opened_listed_and_closed(run: Run, kept: Callable[[], Store], tmp_path: Path) -> None:
    said = run("open", "spring", "--title", "Spring academy", "--roster", roster(tmp_path), "--profile", "two-ideas")
    session = kept().session("spring")
    assert session == Session("spring", "Spring academy", session.code if session else "", "two-ideas", lessons={LESSON: Setting()})
    assert said == f"Spring academy is open. Class code: {session.code}. 2 people on the list.\n"
    assert [p.name for p in kept().roster("spring")] == ["Ana Whitlock", "Kofi Barnes"]
    assert run("sessions").splitlines() == [
        f"spring: Spring academy, code {session.code}, open, profile two-ideas",
        f"  {LESSON}: practice, open",
    ]
    assert run("close", "spring") == "Spring academy is closed.\n"
    assert kept().session_by_code(session.code) is None
    assert "closed" in run("sessions")
    assert session.code in run("open", "spring"), "the same code when it opens again"
    assert kept().session("spring") == session


def test_opening_again_adds_people_and_keeps_the_rest(run: Run, kept: Callable[[], Store], tmp_path: Path) -> None:
    run("open", "spring", "--roster", roster(tmp_path))
    run("lesson", "spring", LESSON, "--mode", "check")
    said = run("open", "spring", "--roster", roster(tmp_path, "id;name\np2;Kofi B. Barnes\np3;Mei Castellano\n"), "--walk-ins")
    assert "3 people" in said
    session = kept().session("spring")
    assert session and session.walk_ins and session.profile == "standard" and session.lessons[LESSON].mode is Mode.CHECK
    assert {p.name for p in kept().roster("spring")} == {"Ana Whitlock", "Kofi B. Barnes", "Mei Castellano"}
    run("open", "spring")
    assert kept().session("spring").walk_ins  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["open", "spring", "--profile", "nobody"], "There is no profile 'nobody'. Known: standard, two-ideas, worry-wording."),
        (["open", "spring", "--lesson", "99-none"], f"There is no lesson '99-none'. Known: {', '.join(LESSONS)}."),
        (["open", "spring", "--roster", "nothing.csv"], "a CSV file that can be read"),
        (["close", "winter"], "There is no class 'winter'. Known: none yet."),
        (["lesson", "winter", LESSON], "There is no class 'winter'"),
        (["lesson", "winter", "99-none"], "There is no lesson '99-none'"),
        (["staff", "rae"], "Give a new person a name"),
    ],
)
def test_what_is_not_there_is_said_and_changes_nothing(run: Run, kept: Callable[[], Store], words: list[str], said: str) -> None:
    assert said in run(*words, code=1)
    assert kept().sessions() == [] and kept().staff() == []


def test_a_bad_roster_opens_nothing(run: Run, kept: Callable[[], Store], tmp_path: Path) -> None:
    assert "2 problems found" in run("open", "spring", "--roster", roster(tmp_path, "id,name\n../x,Ana\np2,\n"), code=1)
    run("staff", "rae", "--name", "Rae Lindgren")
    assert "which is a trainer's" in run("open", "spring", "--roster", roster(tmp_path, "id,name\nrae,Rae\n"), code=1)
    assert kept().sessions() == []
    assert kept().person("rae") == Person("rae", "Rae Lindgren", Role.TRAINER)


def test_every_class_has_a_code_of_its_own(run: Run, kept: Callable[[], Store], monkeypatch: pytest.MonkeyPatch) -> None:
    """Though chance deals the same code again and again."""
    monkeypatch.setattr(practice.secrets, "choice", lambda options: options[0])
    draws = iter([5, 5, 5, 6])
    monkeypatch.setattr(practice.secrets, "randbelow", lambda _: next(draws))
    run("open", "spring")
    run("open", "autumn")
    assert {s.code for s in kept().sessions()} == {"MAPLE 15", "MAPLE 16"}


def test_codes_do_not_run_out() -> None:
    taken: set[str] = set()
    for _ in range(1300):
        taken.add(practice.new_code(taken))
    assert len(taken) == 1300


# ---- lesson ----


def test_a_lesson_is_set(run: Run, kept: Callable[[], Store]) -> None:
    run("open", "spring")

    def sets(*words: str) -> tuple[Setting, str]:
        said = run("lesson", "spring", LESSON, *words)
        session = kept().session("spring")
        assert session is not None
        return session.lessons[LESSON], said

    assert sets() == (Setting(), f"{LESSON} in spring: practice, open, explanations shown.\n")
    assert sets("--mode", "check") == (Setting(Mode.CHECK), f"{LESSON} in spring: check, open, explanations not shown yet.\n")
    assert sets("--no-open", "--reveal")[0] == Setting(Mode.CHECK, False, True)
    assert "explanations shown" in run("sessions")
    assert sets("--open")[0] == Setting(Mode.CHECK, True, True), "what is not named stays"
    assert sets("--no-reveal")[0] == Setting(Mode.CHECK)
    sets("--reveal")
    assert sets("--mode", "post")[0] == Setting(Mode.POST), "a new mode begins with explanations closed"


def test_a_lesson_of_no_known_mode(run: Run) -> None:
    with pytest.raises(SystemExit) as caught:
        run("lesson", "spring", LESSON, "--mode", "exam")
    assert caught.value.code == 2


# ---- staff ----


def test_staff_get_a_passphrase_that_lets_them_in(run: Run, kept: Callable[[], Store]) -> None:
    said = run("staff", "rae", "--name", "Rae Lindgren")
    passphrase = said.split()[-1]
    assert signin.staff(kept(), "Rae Lindgren", passphrase) == Person("rae", "Rae Lindgren", Role.TRAINER)
    again = run("staff", "rae", "--role", "coach").split()[-1]
    assert again != passphrase
    assert signin.staff(kept(), "rae", again) == Person("rae", "Rae Lindgren", Role.COACH)


def test_a_new_passphrase_keeps_the_role(run: Run, kept: Callable[[], Store]) -> None:
    run("staff", "dana", "--name", "Dana Wells", "--role", "coach")
    assert "coach dana" in run("staff", "dana")
    person = kept().person("dana")
    assert person and person.role is Role.COACH and person.name == "Dana Wells"


def test_a_class_that_is_there_is_not_set_anew(run: Run, tmp_path: Path) -> None:
    run("open", "spring", "--title", "Spring", "--roster", roster(tmp_path))
    assert "sopkit lesson spring" in run("open", "spring", "--title", "Autumn", code=1)


def test_a_trainee_does_not_become_staff(run: Run, kept: Callable[[], Store], tmp_path: Path) -> None:
    run("open", "spring", "--roster", roster(tmp_path))
    assert "p1 is a trainee's id" in run("staff", "p1", "--name", "Ana Whitlock", code=1)
    assert kept().person("p1") == Person("p1", "Ana Whitlock")


# ---- the whole ----


def test_a_store_that_cannot_be_opened_is_said(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOPKIT_STORE", "postgresql+psycopg://sopkit:hunter2@127.0.0.1:1/academy?connect_timeout=2")
    said = run("sessions", code=1)
    assert "cannot be opened" in said and "hunter2" not in said


def test_publish_with_nothing_to_do(run: Run) -> None:
    assert run("publish") == ""


@pytest.mark.parametrize("words", [[], ["nothing"], ["open"], ["lesson", "spring"], ["serve", "--port", "many"]])
def test_a_command_that_is_none(words: list[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        cli.main(words)
    assert caught.value.code == 2


def test_the_practice_class_can_be_used(run: Run, kept: Callable[[], Store], root: Path, folder: Path) -> None:
    from sopkit import academy, content

    here = academy.locate()
    assert (here.root, here.folder) == (root.resolve(), folder.resolve())
    store = here.store()
    practice.create(here, content.load(root), store)
    assert (folder / practice.NOTE).stat().st_mode & 0o077 == 0, "nobody else on this machine may read it"
    for line in practice.how_to_sign_in(folder):
        name, passphrase = line.split("name ")[1].split(", passphrase ")
        assert signin.staff(store, name, passphrase).role is not Role.TRAINEE
    (session,) = store.sessions()
    assert signin.find(store, session.code, "Jordan Pace")[1] and session.walk_ins
    assert "Practice class" in run("sessions")
    assert here.secret() == here.secret() and len(here.secret()) == 32
