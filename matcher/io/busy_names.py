"""Who stands behind the teachers of a timetable; whoever is left over on either side is reported."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from matcher.errors import Fault
from matcher.generate.names import short_name
from matcher.io.busy_csv import BusyTable
from matcher.io.busy_map import BusyMap
from matcher.io.headings import fold, near
from matcher.io.report import Remark
from matcher.roster import Person, Roster
from matcher.texts import text, text_n

_MAX_SHOWN = 10


class Names:
    """The people and classes of a roster, by organisation."""

    def __init__(self, roster: Roster) -> None:
        self.organisation_of = {found.id: found.organisation for found in roster.classes}
        self.organisation_of |= {person.id: person.organisation for person in roster.people}
        self.people: dict[str, list[Person]] = defaultdict(list)
        for person in roster.people:
            self.people[person.organisation].append(person)
        self._name = {found.id: found.name for found in roster.organisations}
        self._name |= {person.id: person.name for person in roster.people}

    def said(self, ids: Iterable[str]) -> str:
        """Return people or organisations by name, in the order of names; by code those that have none."""
        return listed(sorted(self._name.get(id_) or id_ for id_ in ids))

    def faults(self, found: BusyMap) -> list[Fault]:
        """Return the codes in a map that are not those of the organisation's people or classes."""
        return [
            self._unknown(found, teacher, id_)
            for teacher, id_ in found.names.items()
            if id_ and self.organisation_of.get(id_) != found.organisation
        ]

    def _unknown(self, found: BusyMap, teacher: str, id_: str) -> Fault:
        place = found.place("names", teacher)
        cure = text("write the code of somebody of the organisation “{organisation}”", organisation=found.organisation)
        if id_ in self.organisation_of:
            message = text("“{id}” belongs to the organisation “{other}”", id=id_, other=self.organisation_of[id_])
            return Fault(place, message, cure)
        inside = [known for known, organisation in self.organisation_of.items() if organisation == found.organisation]
        if names := near(id_, inside):
            cure = text("perhaps {names}", names=", ".join(names))
        return Fault(place, text("the organisation has nobody with the code “{id}”", id=id_), cure)

    def match(self, found: BusyMap, table: BusyTable) -> tuple[dict[str, str], list[Remark]]:
        """Return teacher → person or class, and remarks on those of the table and the map who stay alone.

        The map goes before the names people are said to have in the timetable.
        """
        people = dict(found.names)
        inside = self.people[found.organisation]
        times = Counter(person.timetable_name for person in inside)
        for person in inside:
            name = person.timetable_name
            if name is not None and name in table.slots and times[name] == 1:
                people.setdefault(name, person.id)
        strangers = [teacher for teacher in table.slots if teacher not in people]
        remarks = [
            *_on_strangers(found, table, strangers, _spellings(inside, set(people.values()))),
            *_on_idle(found, [teacher for teacher in people if teacher not in table.slots], strangers),
            *_on_twice(found, people, self),
        ]
        return {teacher: id_ for teacher, id_ in people.items() if teacher in table.slots}, remarks


def _spellings(people: Sequence[Person], seated: set[str]) -> dict[str, str]:
    """Return the ways to write those who have no timetable yet → their codes."""
    return {
        spelling: person.id
        for person in people
        if person.id not in seated
        for spelling in (person.name, short_name(person.name) if person.name.strip() else "", person.timetable_name)
        if spelling
    }


def _on_strangers(
    found: BusyMap, table: BusyTable, strangers: Sequence[str], spellings: Mapping[str, str]
) -> list[Remark]:
    """Name teachers who stand for nobody: singly where somebody has a similar name, the others together."""
    alike: dict[tuple[int, str], list[str]] = defaultdict(list)
    for spelling in spellings:
        for mark in _marks(spelling):
            alike[mark].append(spelling)
    remarks, others = [], []
    for teacher in strangers:
        maybe = near(teacher, sorted({spelling for mark in _marks(teacher) for spelling in alike.get(mark, ())}))
        if not maybe:
            others.append(teacher)
            continue
        shown = ", ".join(f"{spellings[name]} ({name})" for name in maybe)
        message = text("nobody stands behind “{teacher}”; perhaps {names}", teacher=teacher, names=shown)
        remarks.append(Remark(table.place(table.teacher_row[teacher]), message, "unknown_teacher"))
    if others:
        message = text_n(
            "nobody stands behind {count} teacher of the table: {names}",
            "nobody stands behind {count} teachers of the table: {names}",
            count=len(others),
            names=listed(others),
        )
        remarks.append(Remark(found.place("names"), message, "unknown_teachers"))
    return remarks


def _marks(name: str) -> list[tuple[int, str]]:
    """Return the letters in which similar surnames agree at least once, by place.

    Comparing every teacher with everybody is slow; one wrong letter, or one of the other alphabet, spoils one of three.
    """
    surname = fold(name).partition(" ")[0]
    return [(at, surname[at : at + 2]) for at in range(0, min(5, len(surname)), 2)]


def _on_idle(found: BusyMap, teachers: Sequence[str], strangers: Sequence[str]) -> list[Remark]:
    """Name those whom the map knows and the table does not."""
    remarks = []
    for teacher in teachers:
        message = text("the table has no rows of “{teacher}”", teacher=teacher)
        if maybe := near(teacher, strangers):
            names = ", ".join(maybe)
            message = text("the table has no rows of “{teacher}”; perhaps {names}", teacher=teacher, names=names)
        remarks.append(Remark(found.place("names", teacher), message, "no_rows"))
    return remarks


def _on_twice(found: BusyMap, people: Mapping[str, str], names_of: Names) -> list[Remark]:
    """Name people who stand behind several teachers: their lessons are put together."""
    teachers: dict[str, list[str]] = defaultdict(list)
    for teacher, id_ in people.items():
        teachers[id_].append(teacher)
    return [
        Remark(
            found.place("names", names[-1]),
            text("“{id}” stands behind several teachers: {names}", id=names_of.said([id_]), names=listed(names)),
            "several_teachers",
        )
        for id_, names in teachers.items()
        if len(names) > 1
    ]


def listed(names: Sequence[str]) -> str:
    """Return the first names of a list, and a sign that there are more."""
    shown = ", ".join(names[:_MAX_SHOWN])
    return shown if len(names) <= _MAX_SHOWN else f"{shown} …"
