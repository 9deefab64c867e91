"""The draft of a ``MAP.toml``: days, hours and names as far as a file tells them, guesses marked by a comment."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path

from matcher.errors import Fault, InputError
from matcher.io.headings import fold, near
from matcher.io.timetable.clock import clock_name
from matcher.io.timetable.draft.days import DraftDay, draft_days
from matcher.io.timetable.draft.hours import DraftHour, draft_hours
from matcher.io.timetable.draft.people import Matched
from matcher.io.timetable.school import SchoolTimetable
from matcher.roster import Organisation, Roster
from matcher.texts import Lang, Text, say, text

_AFTERNOON = "2"
"""The name of the bells of afternoons that are days of the cycle."""


def choose_organisation(roster: Roster, wanted: str | None, found: SchoolTimetable) -> Organisation:
    """Return the organisation whose timetable a file is: as told, the only one, or that of the same name.

    Raises
    ------
    InputError
        When it is not known, or not told where there are several.
    """
    by_id = {organisation.id: organisation for organisation in roster.organisations}
    if wanted is not None:
        if wanted in by_id:
            return by_id[wanted]
        message = text("the roster has no organisation “{organisation}”", organisation=wanted)
        maybe = near(wanted, by_id)
        cure = text("perhaps {names}", names=", ".join(maybe)) if maybe else _choose(by_id)
        raise InputError([Fault("--organisation", message, cure)])
    if len(by_id) == 1:
        return next(iter(by_id.values()))
    same = [entry for entry in by_id.values() if entry.name and fold(entry.name) == fold(found.title)]
    if len(same) == 1:
        return same[0]
    message = text("the roster has several organisations, and the file does not say whose timetable it is")
    raise InputError([Fault("--organisation", message, _choose(by_id))])


def _choose(ids: Sequence[str] | dict[str, Organisation]) -> Text:
    shown = list(ids)
    return text("give the code of one: {names}", names=", ".join(shown[:12]) + (" …" if len(shown) > 12 else ""))


def map_text(
    found: SchoolTimetable, matched: Matched, organisation: Organisation, busy_path: Path, map_path: Path, lang: Lang
) -> str:
    """Return the draft as TOML; paths are as seen from the folder of the map."""
    guessed = say(text("guessed, please check"), lang)
    days = draft_days(found.days)
    file = os.path.relpath(busy_path.resolve(), map_path.resolve().parent)
    lines = [
        f"# {say(text('A draft made from {file}: please look it through.', file=found.path.name), lang)}",
        f"organisation = {_quoted(organisation.id)}",
        f"file = {_quoted(Path(file).as_posix())}",
        f'calendar = "quarters"  # {guessed}',
        f"time_zone = {_quoted(organisation.time_zone)}",
        "",
        "[days]",
        *(_day_line(day, guessed) for day in days),
        "",
        "[hours]",
        *(_hour_line(hour, guessed) for hour in draft_hours(found.hours)),
    ]
    if any(day.is_afternoon for day in days):
        lines += ["", f"[bells.{_quoted(_AFTERNOON)}]"]
        lines += [_hour_line(hour, guessed) for hour in draft_hours(found.hours, shift=2)]
    lines += ["", "[names]", *_name_lines(matched, guessed)]
    if matched.unclear or matched.strangers:
        lines += ["", *_open_names(matched, lang)]
    return "\n".join(lines) + "\n"


def _day_line(day: DraftDay, guessed: str) -> str:
    bells = f', bells = "{_AFTERNOON}"' if day.is_afternoon else ""
    line = f'{_quoted(day.name)} = {{ week = "{day.week}", weekday = {day.weekday}{bells} }}'
    return f"{line}  # {guessed}" if day.is_guessed else line


def _hour_line(hour: DraftHour, guessed: str) -> str:
    times = f'from = "{clock_name(hour.start_minute)}", to = "{clock_name(hour.end_minute)}"'
    line = f"{_quoted(hour.name)} = {{ {times}, shift = {hour.shift} }}"
    return f"{line}  # {guessed}" if hour.is_guessed else line


def _name_lines(matched: Matched, guessed: str) -> list[str]:
    return [
        f"{_quoted(teacher)} = {_quoted(id_)}" + (f"  # {guessed}" if teacher in matched.guessed else "")
        for teacher, id_ in matched.names.items()
    ]


def _open_names(matched: Matched, lang: Lang) -> list[str]:
    """Return lines to be completed by hand, each a comment, those with people of similar names first."""
    open_names = [*matched.unclear.items(), *matched.strangers.items()]
    open_names.sort(key=lambda entry: not entry[1])
    head = say(text("Teachers nobody was found for: write the code of a person and remove the sign in front."), lang)
    return [
        f"# {head}",
        *(
            f"# {_quoted(teacher)} = {_quoted(ids[0] if len(ids) == 1 else '')}"
            + (f"  # {', '.join(ids)}" if len(ids) > 1 else "")
            for teacher, ids in open_names
        ),
    ]


def _quoted(value: str) -> str:
    """Return a TOML basic string; its escapes are those of JSON, and DEL has one as well."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
