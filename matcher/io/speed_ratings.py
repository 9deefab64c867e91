"""Read the ratings that were filled in after a speed event; every fault is told with its sheet and cell."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from matcher.errors import InputError
from matcher.io.headings import fold
from matcher.io.parse_table import parse_table
from matcher.io.parsed import Parsed
from matcher.io.report import CellFault, Remark
from matcher.io.sheets_pairs import WISHES
from matcher.io.speed_book import RATINGS
from matcher.io.tables.table import Table, file_error
from matcher.io.tables.workbook import read_workbook
from matcher.roster import Roster
from matcher.speed.ratings import Rating
from matcher.texts import say, text

#: What is said of the layout of a roster; here the program itself has laid out the sheet.
_OF_LAYOUT = frozenset({"rows_above", "unknown_column", "no_heading", "comment_row"})


def read_ratings(path: str | Path, roster: Roster) -> tuple[tuple[Rating, ...], tuple[Remark, ...]]:
    """Return the ratings of the workbook of an event, and a remark for everything that was normalised.

    Raises
    ------
    InputError
        When anything is wrong; it lists every fault with its cell and its cure. Nothing is read in part.
    """
    table = _sheet(Path(path))
    parsed = parse_table(WISHES, table)
    if all(column in parsed.position for column in ("from", "to")):
        _check_people(parsed, roster)
        _check_twice(parsed)
    ratings = () if parsed.faults else tuple(_ratings(parsed))
    if not parsed.faults and not any(rating.is_given for rating in ratings):
        cure = text("fill in the ratings first, then save the workbook")
        parsed.faults.append(table.fault("nobody", text("no rating is filled in yet"), cure))
    if parsed.faults:
        faults = sorted(parsed.faults, key=lambda fault: (fault.row or 0, fault.column or 0))
        raise InputError(faults)
    return ratings, tuple(remark for remark in parsed.remarks if remark.kind not in _OF_LAYOUT)


def _sheet(path: Path) -> Table:
    if not path.is_file():
        raise file_error(str(path), "not_found", text("there is no such file or folder"), text("check the name"))
    titles = {fold(say(RATINGS, "ru")), fold(say(RATINGS, "en"))}
    found = [table for table in read_workbook(path)[0] if fold(table.name) in titles]
    if not found:
        message = text("the sheet “{title}” is missing", title=say(RATINGS, "ru"))
        cure = text("give the workbook speed.xlsx that matcher speed has written")
        raise InputError([CellFault(path.name, message, cure, kind="missing_sheet")])
    return found[0]


def _check_people(parsed: Parsed, roster: Roster) -> None:
    """Report codes that are not in the registers, and rows that are not about a mentor and a mentee."""
    mentors = {mentor.person for mentor in roster.mentors}
    mentees = {mentee.person for mentee in roster.mentees}
    for at, (one, other) in enumerate(zip(parsed.get("from"), parsed.get("to"), strict=True)):
        known = True
        for column, id_ in (("from", one), ("to", other)):
            if isinstance(id_, str) and id_ not in mentors | mentees:
                known = False
                message = text("no mentor and no mentee of the roster has the code “{value}”", value=id_)
                parsed.fault(
                    "unknown_id", at, column, message, text("give the roster of the event, or correct the code")
                )
        both = isinstance(one, str) and isinstance(other, str) and known
        if both and not ((one in mentors and other in mentees) or (one in mentees and other in mentors)):
            message = text("the two are not a mentor and a mentee")
            parsed.fault("no_pair", at, "to", message, text("a rating is between a mentor and a mentee"))


def _check_twice(parsed: Parsed) -> None:
    first: dict[tuple[object, object], int] = {}
    for at, key in enumerate(zip(parsed.get("from"), parsed.get("to"), strict=True)):
        earlier = first.setdefault(key, at)
        if earlier != at and all(isinstance(part, str) for part in key):
            place = parsed.table.place(parsed.row[earlier], parsed.position["from"])
            shown = ", ".join(map(str, key))
            message = text("“{key}” already stands at {place}", key=shown, place=place)
            parsed.fault("duplicate", at, "from", message, text("keep one of the two rows"))


def _ratings(parsed: Parsed) -> Iterator[Rating]:
    columns: list[Any] = [parsed.get(column) for column in ("from", "to", "score", "veto")]
    for one, other, score, veto in zip(*columns, strict=True):
        yield Rating(from_person=one, to_person=other, score=score, veto=veto)
