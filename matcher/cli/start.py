"""Where the command starts: language, commands of other packages, and the four exit codes."""

from __future__ import annotations

import logging
import os
import sys
import threading
from collections.abc import Callable, Sequence
from importlib.metadata import entry_points, version
from typing import cast

import typer

from matcher.cli import language
from matcher.cli.usage import usage_fault
from matcher.errors import Fault, InputError
from matcher.texts import Lang, text

FINE, NEGATIVE, WRONG_INPUT, INTERNAL = 0, 1, 2, 3


def main() -> None:
    """Run the command with the words of the command line and end the process with its exit code."""
    lang, words = _without_language(sys.argv[1:])
    language.choose(lang)
    try:
        _run(lang, words)
    except SystemExit as end:
        _leave(end.code)


def _leave(code: str | int | None) -> None:
    """End the process, at once where a solver that was given up still runs in the background.

    The ordinary way out would tear such a thread down and abort after all results are written.
    """
    if threading.active_count() > 1 and not isinstance(code, str):
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code or FINE)
    raise SystemExit(code)


def _run(lang: Lang, words: list[str]) -> None:
    try:
        code = build_app()(words, prog_name="matcher", standalone_mode=False)
        raise SystemExit(code if isinstance(code, int) else FINE)
    except InputError as error:
        _tell_faults(error.faults, lang)
    except Exception as error:
        if type(error).__name__ == "NoArgsIsHelpError":
            raise SystemExit(WRONG_INPUT) from None
        fault = usage_fault(error)
        if fault is not None:
            _tell_faults([fault], lang)
        logging.getLogger("matcher").exception("internal error")
        language.complain(text("This is a fault of the program, not of your file. Please send us the lines above."))
        raise SystemExit(INTERNAL) from None


def _tell_faults(faults: Sequence[Fault], lang: Lang) -> None:
    from matcher.io.console import print_faults

    print_faults(faults, lang)
    raise SystemExit(WRONG_INPUT) from None


def build_app() -> typer.Typer:
    """Return the command with all its sub-commands; `benchmark` and others come from the packages round the core."""
    from matcher.cli import (
        calendars,
        helping,
        indicators,
        policies,
        reading,
        repairs,
        rosters,
        rounds,
        speed,
        timetables,
    )

    app = typer.Typer(
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        help=language.t(text("Pairs mentees with mentors, with proof and reasons. Language: --lang ru|en.")),
    )
    app.callback()(_root(language.t(text("Tell the version and end."))))
    for room in (rosters, rounds, reading, repairs, speed, timetables, indicators):
        room.add_commands(app)
    app.add_typer(policies.build_app(), name="policy")
    app.add_typer(calendars.build_app(), name="calendar")
    for command in entry_points(group="matcher.commands"):
        guest = command.load()()
        app.add_typer(guest, name=command.name, help=language.t(text(str(guest.info.help))))
    helping.word_help(app)
    return app


def _root(about_version: str) -> Callable[..., None]:
    def tell_version(wanted: bool) -> None:
        if wanted:
            sys.stdout.write(f"matcher {version('mentor-matcher')}\n")
            raise typer.Exit

    option = typer.Option(False, "--version", help=about_version, callback=tell_version, is_eager=True)

    def root(is_version: bool = option) -> None:
        pass

    return root


def _without_language(words: list[str]) -> tuple[Lang, list[str]]:
    """Take `--lang X` out of the words, wherever it stands; Russian is the default."""
    rest: list[str] = []
    chosen = "ru"
    stream = iter(words)
    for word in stream:
        if word == "--lang":
            chosen = next(stream, "")
        elif word.startswith("--lang="):
            chosen = word.partition("=")[2]
        else:
            rest.append(word)
    if chosen not in ("ru", "en"):
        print("--lang: ru | en", file=sys.stderr)  # noqa: T201
        raise SystemExit(WRONG_INPUT)
    return cast(Lang, chosen), rest


if __name__ == "__main__":
    main()
