"""How many hours of a usual week two people have in common: the figure alone, never when."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from sqlmodel import Session

from matcher.io.read_busy import read_busy
from matcher.timegrid import count_bits
from service.rounds.inputs import open_timetable, present_roster, timetables_of
from service.rounds.timetable_files import ROWS
from service.tables.rounds import Round
from service.vault import Vault


def count_common(session: Session, vault: Vault, round_: Round, codes: tuple[str, str]) -> int | None:
    """Return in how many hours of the cycle both can be reached, None where the week of either is unknown."""
    found = [open_timetable(vault, row) for row in timetables_of(session, round_.id)]
    if not found:
        return None
    roster = present_roster(session, vault, round_)
    with TemporaryDirectory(prefix="matcher-") as place:
        maps = []
        for number, (_, map_toml, rows) in enumerate(found):
            folder = Path(place) / str(number)
            folder.mkdir()
            (folder / "MAP.toml").write_text(map_toml, encoding="utf-8")
            (folder / ROWS).write_text(rows, encoding="utf-8")
            maps.append(folder / "MAP.toml")
        busy, _ = read_busy(maps, roster)
    if not set(codes) <= set(busy.person_id):
        return None
    free, _ = busy.free(list(codes), online=True)
    return int(count_bits(free[0] & free[1]))
