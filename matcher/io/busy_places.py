"""Which sites and rooms of the roster the buildings and rooms of a timetable are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from matcher.io.busy_csv import BusyRow, BusyTable
from matcher.io.busy_names import listed
from matcher.io.headings import fold, near
from matcher.io.report import Remark
from matcher.roster import Roster
from matcher.texts import text, text_n


class Places:
    """The sites and rooms of one organisation, found by code or by name as far as that is unique."""

    def __init__(self, roster: Roster, organisation: str) -> None:
        sites = [site for site in roster.sites if site.organisation == organisation]
        self._only_site = sites[0].id if len(sites) == 1 else None
        self._sites = _by_name((site.id, site.name) for site in sites)
        rooms = [room for room in roster.rooms if room.site in {site.id for site in sites}]
        self._site_of_room = {room.id: room.site for room in rooms}
        self._rooms = _by_name((room.id, room.name) for room in rooms)
        self._rooms_at = {
            site.id: _by_name((room.id, room.name) for room in rooms if room.site == site.id) for site in sites
        }
        self._found: dict[tuple[str, str], tuple[str | None, str | None]] = {}

    def of(self, row: BusyRow) -> tuple[str | None, str | None]:
        """Return site and room of a row, None where the roster does not have them.

        A lesson whose building is not told is where its room is, else at the only site of the organisation.
        """
        key = (row.building, row.room)
        if key not in self._found:
            self._found[key] = self._find(*key)
        return self._found[key]

    def _find(self, building: str, room_name: str) -> tuple[str | None, str | None]:
        if building:
            site = self._sites.get(fold(building))
            return site, None if site is None else self._rooms_at[site].get(fold(room_name))
        room = self._rooms.get(fold(room_name))
        return (self._only_site if room is None else self._site_of_room[room]), room

    def alike(self, building: str) -> list[str]:
        """Return the sites with names similar to that of a building."""
        return list(dict.fromkeys(self._sites[found] for found in near(building, self._sites)))

    def strangers(self, table: BusyTable) -> tuple[list[str], list[str]]:
        """Return the buildings and the rooms of a table that the roster does not have.

        There are no strange rooms where the roster has no rooms of the organisation at all.
        """
        places = dict.fromkeys((row.building, row.room) for row in table.rows if row.building or row.room)
        buildings = dict.fromkeys(building for building, _ in places if building and fold(building) not in self._sites)
        rooms = dict.fromkeys(room for building, room in places if room and self._find(building, room)[1] is None)
        return list(buildings), list(rooms) if self._site_of_room else []


def place_remarks(strangers: Sequence[tuple[Places, BusyTable, str]]) -> Iterator[Remark]:
    """Yield which buildings and rooms of tables nobody knows, once each; ``strangers`` name the organisations too."""
    buildings, rooms = [], []
    for places, table, organisation in strangers:
        strange, strange_rooms = places.strangers(table)
        rooms += [f"{name} ({organisation})" for name in strange_rooms]
        for name in strange:
            if maybe := places.alike(name):
                message = text(
                    "the roster has no site “{building}”; perhaps {names}", building=name, names=", ".join(maybe)
                )
                yield Remark(str(table.path), message, "unknown_building")
            else:
                buildings.append(f"{name} ({organisation})")
    if buildings:
        message = text_n(
            "{count} building of the timetables is no site of the roster: {names}",
            "{count} buildings of the timetables are no sites of the roster: {names}",
            count=len(buildings),
            names=listed(buildings),
        )
        yield Remark("", message, "unknown_buildings")
    if rooms:
        message = text_n(
            "{count} room of the timetables is not in the roster: {names}",
            "{count} rooms of the timetables are not in the roster: {names}",
            count=len(rooms),
            names=listed(rooms),
        )
        yield Remark("", message, "unknown_rooms")


def _by_name(named: Iterable[tuple[str, str]]) -> Mapping[str, str]:
    """Return folded code or name → code; a name that several have says nothing."""
    ids: dict[str, str] = {}
    names: dict[str, set[str]] = defaultdict(set)
    for id_, name in named:
        ids[fold(id_)] = id_
        if name:
            names[fold(name)].add(id_)
    return {**{name: min(found) for name, found in names.items() if len(found) == 1}, **ids}
