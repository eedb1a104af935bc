"""The `sopkit` command. Each subcommand is one function below."""

from __future__ import annotations

import argparse
import contextlib
import logging
import os
import socket
import sys
import threading
from dataclasses import replace
from pathlib import Path

from sopkit import academy, content, practice, roster
from sopkit import release as release_files
from sopkit.academy import Academy
from sopkit.content import Course
from sopkit.errors import SopkitError
from sopkit.model import Mode, Person, Role, Session, Setting, usable_id
from sopkit.store import Store, with_lesson

PORT = 8866


def main(argv: list[str] | None = None) -> int:
    """Run one command; return the exit code. What went wrong is said in plain lines, without a traceback."""
    options = parser().parse_args(argv)
    try:
        return int(options.run(options) or 0)
    except SopkitError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def check(options: argparse.Namespace) -> int:
    """Read the whole course and report every fault."""
    course = content.load(academy.locate().root)
    items = sum(exercise.size for exercise in course.exercises.values())
    print(f"{course.title}: {len(course.lessons)} lessons, {len(course.exercises)} exercises, {items} cards and stories. No fault found.")
    return 0


def release(options: argparse.Namespace) -> int:
    """Make exercises/ from solutions/, without keys."""
    from sopkit import gradebook

    here = academy.locate()
    for line in gradebook.release(here.root, here):
        print(line)
    here.publish_course()
    return 0


def serve(options: argparse.Namespace) -> int:
    """Start the academy; the first time, make a practice class."""
    from sopkit import server

    here = academy.locate()
    course = _course_to_serve(here)
    store = here.store()
    if not store.sessions():
        practice.create(here, course, store)
    store.close()
    ip = "0.0.0.0" if options.lan else "127.0.0.1"  # noqa: S104
    if _taken(options.port, ip):
        raise SopkitError(
            f"Port {options.port} is in use. Is the academy running already? Or choose another: sopkit serve --port {options.port + 1}"
        )
    built = server.build(here, course, options.port, ip)
    if bool(options.certfile) != bool(options.keyfile):
        raise SopkitError("--certfile and --keyfile go together.")
    if options.certfile:
        built.certificate = options.certfile, options.keyfile
    scheme = "https" if options.certfile else "http"
    host = options.host or (_lan_address() if options.lan else "localhost")
    built.on_ready = lambda: _welcome(f"{scheme}://{host}:{options.port}", here, built.store, qr=options.lan)
    _allow_many_files()
    built.start()
    return 0


def publish(options: argparse.Namespace) -> int:
    """Put hand-ins and marks into nbgrader's gradebook and fetch marks made there; with --watch, go on until the server ends."""
    from sopkit import gradebook

    here = academy.locate()
    store = here.store()
    ended = threading.Event()
    if options.watch:
        threading.Thread(target=_until_input_ends, args=[ended], daemon=True).start()
    while True:
        waiting = store.unpublished()
        if gradebook.waits(here, store, gradebook.LOOK_AGAIN if options.watch else 0):
            try:
                done = gradebook.publish(here, store, content.load(here.published))
            except SopkitError as error:  # a fault that somebody is mending: the hand-ins wait
                if not options.watch:
                    raise
                logging.getLogger("sopkit").error("%s", error)
            else:
                if waiting and not options.watch:
                    print(f"{done} hand-ins are in the gradebook.")
        faults = [hand_in for hand_in in store.unpublished() if hand_in.fault]
        if not options.watch:
            for hand_in in faults:
                print(f"{hand_in.person}, {hand_in.lesson}: not yet. {hand_in.fault}", file=sys.stderr)
            return 1 if faults else 0
        if ended.wait(30 if faults else 2):
            return 0


def sessions(options: argparse.Namespace) -> int:
    """List the classes with their codes and lessons."""
    for session in academy.locate().store().sessions():
        state = "open" if session.open else "closed"
        print(f"{session.id}: {session.title}, code {session.code}, {state}, profile {session.profile}")
        for lesson, setting in session.lessons.items():
            print(f"  {lesson}: {setting.mode}, {'open' if setting.open else 'closed'}{', explanations shown' if setting.revealed else ''}")
    return 0


def open_session(options: argparse.Namespace) -> int:
    """Open a class: a new one, or one that was closed."""
    here = academy.locate()
    course, store = content.load(here.root), here.store()
    _known(options.profile or course.default_profile, course.profiles, "profile")
    people = roster.read(Path(options.roster)) if options.roster else []
    found = store.session(options.session)
    if found is not None and (options.title or options.lesson):
        raise SopkitError(f"There is a class {found.id!r} already. Set its lessons with: sopkit lesson {found.id} LESSON")
    if found is None:
        lessons = {lesson: Setting() for lesson in options.lesson or list(course.lessons)[:1]}
        for lesson in lessons:
            _known(lesson, course.lessons, "lesson")
        profile = options.profile or course.default_profile
        code = practice.new_code({session.code for session in store.sessions()})
        found = Session(options.session, options.title or options.session, code, profile, options.walk_ins, lessons=lessons)
    _put_people(store, people)
    store.put_session(replace(found, open=True, walk_ins=found.walk_ins or options.walk_ins, profile=options.profile or found.profile))
    store.enrol(found.id, [person.id for person in people])
    print(f"{found.title} is open. Class code: {found.code}. {len(store.roster(found.id))} people on the list.")
    return 0


def close_session(options: argparse.Namespace) -> int:
    """Close a class: nobody can join it or answer in it. Nothing is deleted."""
    store = academy.locate().store()
    session = _session(store, options.session)
    store.put_session(replace(session, open=False))
    print(f"{session.title} is closed.")
    return 0


def set_lesson(options: argparse.Namespace) -> int:
    """Set a lesson of a class: its mode, whether it is open, whether explanations are shown."""
    here = academy.locate()
    course, store = content.load(here.root), here.store()
    _known(options.lesson, course.lessons, "lesson")
    session = _session(store, options.session)
    old = session.lessons.get(options.lesson, Setting())
    mode = Mode(options.mode) if options.mode else old.mode
    revealed = old.revealed if options.reveal is None and mode is old.mode else bool(options.reveal)
    new = Setting(mode, old.open if options.open is None else options.open, revealed)
    store.put_session(with_lesson(session, options.lesson, new))
    shown = "shown" if new.feedback else "not shown yet"
    print(f"{options.lesson} in {session.title}: {new.mode}, {'open' if new.open else 'closed'}, explanations {shown}.")
    return 0


def staff(options: argparse.Namespace) -> int:
    """Add a trainer or coach, or give one a new passphrase."""
    from sopkit.signin import hashed

    store = academy.locate().store()
    old = store.person(options.id)
    if old is not None and old.role is Role.TRAINEE:
        raise SopkitError(f"{options.id} is a trainee's id. Choose another.")
    if old is None and not options.name:
        raise SopkitError("Give a new person a name: --name 'Dana Wells'.")
    role = Role(options.role) if options.role else old.role if old else Role.TRAINER
    if not usable_id(options.id):
        raise SopkitError(f"The id {options.id!r} cannot be used. Use letters, digits, dots, hyphens, @ or _.")
    store.add_people([Person(options.id, options.name or (old.name if old else ""), role)])
    passphrase = practice.new_passphrase()
    store.set_passphrase(options.id, hashed(passphrase))
    print(f"{role} {options.id} signs in with the passphrase: {passphrase}")
    return 0


def parser() -> argparse.ArgumentParser:
    """Return the command line, whole."""
    top = argparse.ArgumentParser(prog="sopkit", description="The Safety Organized Practice workbook.")
    commands = top.add_subparsers(required=True, metavar="command")

    def add(name: str, run: object) -> argparse.ArgumentParser:
        text = (run.__doc__ or "").strip()
        command = commands.add_parser(name, help=text, description=text)
        command.set_defaults(run=run)
        return command

    add("check", check)
    add("release", release)
    one = add("serve", serve)
    one.add_argument("--port", type=int, default=PORT, help=f"the port to listen on (default {PORT})")
    one.add_argument("--lan", action="store_true", help="let others on the local network join; prints a QR code")
    one.add_argument("--host", help="the address to print for --lan, when the one found is not the right one")
    one.add_argument("--certfile", help="a TLS certificate, to serve https")
    one.add_argument("--keyfile", help="the certificate's private key")
    one = add("publish", publish)
    one.add_argument("--watch", action="store_true", help="go on until standard input ends")
    add("sessions", sessions)
    one = add("open", open_session)
    one.add_argument("session", help="the class's short name")
    one.add_argument("--title", help="the class's title")
    one.add_argument("--roster", help="a CSV file with the columns id and name")
    one.add_argument("--lesson", action="append", help="a lesson to run; may be given again")
    one.add_argument("--profile", help="the agency profile")
    one.add_argument("--walk-ins", action="store_true", help="let people join who are not on the roster")
    one = add("close", close_session)
    one.add_argument("session")
    one = add("lesson", set_lesson)
    one.add_argument("session")
    one.add_argument("lesson")
    one.add_argument("--mode", choices=[str(mode) for mode in Mode])
    one.add_argument("--open", action=argparse.BooleanOptionalAction)
    one.add_argument("--reveal", action=argparse.BooleanOptionalAction, help="show explanations of check, pre and post")
    one = add("staff", staff)
    one.add_argument("id")
    one.add_argument("--name")
    one.add_argument("--role", choices=[str(Role.TRAINER), str(Role.COACH)], help="trainer (unless said otherwise) or coach")
    return top


def _course_to_serve(here: Academy) -> Course:
    """Return the course that pages will show; bring their copy up to date where all of it is released."""
    try:
        course = content.load(here.root, notebooks=content.RELEASE)
        if release_files.is_fresh(course):
            here.publish_course()
        elif here.published != here.root:
            print("solutions/ has changes that are not released: people see the last release. To release: sopkit release")
    except SopkitError as error:
        if here.published == here.root:
            raise
        print(f"The course has faults, so people see the last release. {error}", file=sys.stderr)
    return content.load(here.published, notebooks=content.RELEASE)


def _put_people(store: Store, people: list[Person]) -> None:
    for person in people:
        old = store.person(person.id)
        if old is not None and old.role is not Role.TRAINEE:
            raise SopkitError(f"The roster has the id {person.id!r}, which is a {old.role}'s. Change it in the file.")
    store.add_people(people)


def _session(store: Store, name: str) -> Session:
    session = store.session(name)
    if session is None:
        known = ", ".join(s.id for s in store.sessions()) or "none yet"
        raise SopkitError(f"There is no class {name!r}. Known: {known}.")
    return session


def _known(name: str, known: dict[str, object] | object, what: str) -> None:
    if name not in known:  # type: ignore[operator]
        raise SopkitError(f"There is no {what} {name!r}. Known: {', '.join(known)}.")  # type: ignore[arg-type]


def _until_input_ends(ended: threading.Event) -> None:
    os.read(sys.stdin.fileno(), 1)
    ended.set()


def _allow_many_files() -> None:
    """Raise the limit on open files as far as the system lets us: each page holds about a dozen."""
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 65_536 if most == resource.RLIM_INFINITY else min(most, 65_536)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))


def _taken(port: int, ip: str) -> bool:
    with socket.socket() as probe:
        if os.name == "posix":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((ip, port))
        except OSError:
            return True
    return False


def _lan_address() -> str:
    """Return this machine's address on the local network. No packet is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
            return str(probe.getsockname()[0])
        except OSError:
            return socket.gethostname()


def _welcome(address: str, here: Academy, store: Store, *, qr: bool) -> None:
    print(f"\nThe academy is open: {address}\n")
    for session in store.sessions():
        if session.open and session.lessons:
            first = next(iter(store.roster(session.id)), None)
            who = f" (for example {first.name}, or {first.id})" if first else ""
            print(f"  Trainees   {address}\n             class code {session.code}, and a name from the class list{who}")
            if qr:
                import segno

                print(f"             or scan:  {address}/login?code={session.code.replace(' ', '+')}\n")
                segno.make(f"{address}/login?code={session.code.replace(' ', '+')}").terminal(compact=True)
    print(f"  Staff      {address}/login?staff=1")
    note = practice.how_to_sign_in(here.folder)
    if qr and note:
        print(f"             passphrases are in {here.folder / practice.NOTE}")  # this may be on the projector
    for line in [] if qr else note:
        print(f"             {line}")
    print(f"\nEverything is kept in {here.folder}. Stop with Ctrl+C; start again any time.\n", flush=True)


if __name__ == "__main__":
    sys.exit(main())
