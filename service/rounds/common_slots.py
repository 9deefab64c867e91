"""How many hours of a usual week two people have in common: the figure alone, never when."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from sqlmodel import Session

from matcher.io.read_busy import read_busy
from matcher.timegrid import count_bits
from service.rounds.inputs import lay_out, open_timetable, present_roster, timetables_of
from service.tables.rounds import Round
from service.vault import Vault


def count_common(session: Session, vault: Vault, round_: Round, codes: tuple[str, str]) -> int | None:
    """Return in how many hours of the cycle both can be reached, None where the week of either is unknown."""
    found = [open_timetable(vault, row) for row in timetables_of(session, round_.id)]
    if not found:
        return None
    roster = present_roster(session, vault, round_)
    with TemporaryDirectory(prefix="matcher-") as place:
        maps = lay_out(((map_toml, rows) for _, map_toml, rows in found), Path(place))
        busy, _ = read_busy(maps, roster)
    if not set(codes) <= set(busy.person_id):
        return None
    free, _ = busy.free(list(codes), online=True)
    return int(count_bits(free[0] & free[1]))
