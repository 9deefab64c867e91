"""What a solve of a round starts from: its roster with everything decided since, its regulation, its timetables."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlmodel import Session, select

from matcher.io.plan_json import plan_lines
from matcher.roster import Roster
from service.privacy.lawful import lawful_roster
from service.records.for_rosters import with_records
from service.rounds.fold import fold_in
from service.rounds.plan_files import open_plan, open_plan_bytes
from service.rounds.planned import meetings_of, with_meetings
from service.rounds.rosters import ids_of, open_roster, open_sides
from service.tables.areas import Area
from service.tables.columns import now
from service.tables.rounds import PlanFileRow, RosterFile, Round, RoundTimetable, TimetableFile
from service.vault import Vault

MAP = "MAP.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class SolveInputs:
    """Everything a solver needs. ``maps`` are (file name, text of MAP.toml, text of the busy table it names)."""

    roster: Roster
    policy_toml: str
    maps: tuple[tuple[str, str, str], ...]
    previous_plan: bytes | None
    reference_day: date
    first_day: date | None
    last_day: date | None


def build_inputs(session: Session, vault: Vault, round_: Round, *, strict: bool = False) -> SolveInputs:
    """Return what a solve of a round starts from: nobody whose consent was refused, withdrawn or has ended.

    ``strict`` also leaves out everybody who has not consented yet.
    """
    plan = None if round_.plan_id is None else session.get(PlanFileRow, round_.plan_id)
    return SolveInputs(
        roster=_lawful(session, vault, present_roster(session, vault, round_), round_, strict=strict),
        policy_toml=round_.policy_toml,
        maps=tuple(open_timetable(vault, found) for found in timetables_of(session, round_.id)),
        previous_plan=None if plan is None else _plan_as_it_is(session, vault, round_, plan),
        reference_day=round_.reference_day,
        first_day=round_.first_day,
        last_day=round_.last_day,
    )


def _lawful(session: Session, vault: Vault, roster: Roster, round_: Round, *, strict: bool) -> Roster:
    row = session.get_one(RosterFile, round_.roster_id)
    today = now().astimezone(ZoneInfo(session.get_one(Area, round_.area_id).time_zone)).date()
    ids = ids_of(session, vault, row)
    return lawful_roster(session, roster, ids, round_id=round_.id, today=today, strict=strict)


def _plan_as_it_is(session: Session, vault: Vault, round_: Round, row: PlanFileRow) -> bytes:
    """Return the plan of a round with its meetings where people have moved them, held or called off."""
    meetings = meetings_of(session, round_.id)
    if not meetings:
        return open_plan_bytes(vault, row)
    return "".join(plan_lines(with_meetings(open_plan(vault, row), meetings))).encode()


def present_roster(session: Session, vault: Vault, round_: Round) -> Roster:
    """Return the roster of a round with everything decided and said since."""
    row = session.get_one(RosterFile, round_.roster_id)
    ids = ids_of(session, vault, row)
    decided = fold_in(session, vault, round_, open_roster(session, vault, row), ids)
    return with_records(session, vault, session.get_one(Area, round_.area_id), decided, ids)


def present_sides(session: Session, vault: Vault, round_: Round) -> tuple[Roster, dict[str, str]]:
    """Return the same of mentors and mentees alone, by whom pairs are judged, and code → id of everybody."""
    roster, ids = open_sides(session, vault, session.get_one(RosterFile, round_.roster_id))
    sides = {one.person for one in roster.mentors} | {one.person for one in roster.mentees}
    own = {code: id_ for code, id_ in ids.items() if code in sides}
    decided = fold_in(session, vault, round_, roster, ids)
    return with_records(session, vault, session.get_one(Area, round_.area_id), decided, own), ids


def timetables_of(session: Session, round_id: str) -> list[TimetableFile]:
    """Return the timetables of a round in a fixed order."""
    found = select(TimetableFile).join(RoundTimetable).where(RoundTimetable.round_id == round_id)
    return list(session.exec(found.order_by(TimetableFile.id)))


def seal_timetable(vault: Vault, row_id: str, map_toml: str, rows: str) -> tuple[bytes, bytes]:
    """Return the map of a timetable and its busy rows, sealed for the row ``row_id``."""
    return vault.seal(map_toml.encode(), f"map:{row_id}"), vault.seal(rows.encode(), f"rows:{row_id}")


def open_timetable(vault: Vault, row: TimetableFile) -> tuple[str, str, str]:
    """Return (file name, text of the map, busy rows) of a timetable."""
    map_toml = vault.open(row.sealed_map, f"map:{row.id}").decode()
    return f"{row.id}.toml", map_toml, vault.open(row.sealed_rows, f"rows:{row.id}").decode()


def lay_out(maps: Iterable[tuple[str, str]], place: Path) -> list[Path]:
    """Write (map, busy rows) of timetables into folders of their own; return the paths of the maps."""
    paths = []
    for number, (map_toml, rows) in enumerate(maps):
        folder = place / str(number)
        folder.mkdir(mode=0o700)
        (folder / MAP).write_text(map_toml, encoding="utf-8")
        (folder / table_named_in(map_toml)).write_text(rows, encoding="utf-8")
        paths.append(folder / MAP)
    return paths


def table_named_in(map_toml: str) -> str:
    """Return the name under which a map looks for its table; no path leads out of the folder."""
    try:
        name = Path(str(tomllib.loads(map_toml).get("file", ""))).name
    except tomllib.TOMLDecodeError:
        name = ""
    return name if name not in ("", MAP) else "rows.csv"
