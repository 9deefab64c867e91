"""Solved timetables of FET, versions 5 to 7.

Keys are names. An activity is placed by a ``ConstraintActivityPreferredStartingTime`` of weight 100; its room, if it
has one, stands in a ``ConstraintActivityPreferredRoom``. Before version 6 there is no ``Mode``; early files of
version 5 write the names of days and hours directly below their lists.

References
----------
FET's own files of examples (Lalescu, fet-data), and its list of constraints.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from matcher.errors import Fault, InputError
from matcher.io.report import Remark
from matcher.io.tables.table import file_error
from matcher.io.timetable.day_names import read_days
from matcher.io.timetable.school import CycleHour, SchoolTimetable
from matcher.io.timetable.xml.fet_placing import Activity, Placing, Start, TimeOff, place_all
from matcher.io.timetable.xml.pieces import XmlFile
from matcher.texts import text, text_n

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_OLDEST, _NEWEST = 5, 7
_HALF_DAYS = "Mornings-Afternoons"
_BASIC = frozenset({"ConstraintBasicCompulsoryTime", "ConstraintBasicCompulsorySpace"})


def read_fet(file: XmlFile) -> SchoolTimetable:
    """Return the timetable of a FET file.

    Raises
    ------
    InputError
        When the version is too old, lists are missing, or names do not fit together: all faults at once.
    """
    version = file.attributes.get("version", "")
    number = re.match(r"\d+", version)
    if number is None or int(number[0]) < _OLDEST:
        message = text("FET files of the version “{version}” cannot be read", version=version)
        cure = text("open the file with FET 6 or 7 and save it again")
        raise file_error(file.path.name, "old_version", message, cure)
    found = _Contents(path=file.path)
    for piece in file.pieces():
        found.take(piece.section, piece.element)
    faults = found.missing()
    if faults:
        raise InputError(faults)
    placed = place_all(found)
    if found.faults:
        raise InputError(found.faults)
    remarks = [*file.remarks, *found.remarks()]
    if int(number[0]) > _NEWEST:
        message = text("version {version} of FET is newer than any known here: compare the numbers", version=version)
        remarks.append(Remark(file.path.name, message, "new_version"))
    return SchoolTimetable(
        path=file.path,
        file_format=f"FET {version}",
        title=found.title,
        teachers=tuple(found.teachers),
        days=read_days(tuple(found.days), is_by_halves=found.mode == _HALF_DAYS),
        hours=tuple(CycleHour(name=name) for name in found.hours),
        rows=placed.rows,
        num_wanted=len(found.activities),
        num_placed=placed.num_placed,
        num_rooms=len(found.building_of),
        num_buildings=found.num_buildings,
        remarks=(*remarks, *placed.remarks),
    )


@dataclass(slots=True)
class _Contents(Placing):
    """What was read so far."""

    title: str = ""
    mode: str = ""
    num_buildings: int = 0
    ignored: Counter[str] = field(default_factory=Counter)
    num_inactive: int = 0
    sections: set[str] = field(default_factory=set)

    def take(self, section: str, element: Element) -> None:
        """Take one piece of the file."""
        if not section:
            self._take_alone(element)
        elif section in ("Days_List", "Hours_List"):
            self._take_name(self.days if section == "Days_List" else self.hours, section, element)
        elif section == "Teachers_List":
            self._take_teacher(element)
        elif section == "Activities_List" and element.tag == "Activity":
            self._take_activity(element)
        elif section == "Buildings_List":
            self.num_buildings += element.tag == "Building"
        elif section == "Rooms_List" and element.tag == "Room":
            self.building_of[_text(element, "Name")] = _text(element, "Building")
        elif section in ("Time_Constraints_List", "Space_Constraints_List"):
            self._take_constraint(element)

    def _take_alone(self, element: Element) -> None:
        self.sections.add(element.tag)
        if element.tag == "Institution_Name":
            self.title = (element.text or "").strip()
        elif element.tag == "Mode":
            self.mode = (element.text or "").strip()

    def _take_name(self, names: dict[str, int], section: str, element: Element) -> None:
        """Take the name of a day or hour, in an element of its own or directly below the list."""
        if element.tag == "Name":
            name = (element.text or "").strip()
        elif element.tag in ("Day", "Hour"):
            name = _text(element, "Name")
        else:
            return
        if not name or name in names:
            message = text("the name “{name}” stands twice or is empty", name=name)
            self.fault(section, message, text("give each entry of the list a name of its own"))
        names[name] = len(names)

    def _take_teacher(self, element: Element) -> None:
        if element.tag == "Teacher":
            self.teachers.setdefault(_text(element, "Name"), None)

    def _take_activity(self, element: Element) -> None:
        id_ = _text(element, "Id")
        duration = _text(element, "Duration") or "1"
        if not id_ or id_ in self.activities:
            message = text("an activity has no id, or one that another has")
            self.fault(f"Activity {id_}".strip(), message, text("open the file with FET and save it again"))
        if not (duration.isdecimal() and duration.isascii() and 1 <= int(duration[:4]) <= 100):
            message = text("“{value}” is no number of hours", value=duration)
            self.fault(f"Activity {id_}", message, text("write a whole number from 1"))
            duration = "1"
        teachers = [(entry.text or "").strip() for entry in element.iter("Teacher")]
        self.activities[id_] = Activity(
            teachers=tuple(name for name in teachers if name), duration=int(duration), is_active=_is_active(element)
        )

    def _take_constraint(self, element: Element) -> None:
        known = _KNOWN.get(element.tag)
        if known is not None and not _is_active(element):
            self.num_inactive += 1
        elif known is not None:
            known(self, element)
        elif element.tag not in _BASIC:
            self.ignored[element.tag] += 1

    def _take_start(self, element: Element) -> None:
        day = _text(element, "Preferred_Day") or _text(element, "Day")
        hour = _text(element, "Preferred_Hour") or _text(element, "Hour")
        if _weight(element) == 100 and day and hour:
            start = Start(day=day, hour=hour)
            self.starts.setdefault(_text(element, "Activity_Id"), []).append(start)
        else:
            self.ignored[element.tag] += 1

    def _take_room(self, element: Element) -> None:
        id_, room = _text(element, "Activity_Id"), _text(element, "Room")
        if room and _weight(element) > self.rooms.get(id_, ("", -1.0))[1]:
            self.rooms[id_] = (room, _weight(element))

    def _take_time_off(self, element: Element) -> None:
        teacher = _text(element, "Teacher") or _text(element, "Teacher_Name")
        for entry in element.iter("Not_Available_Time"):
            self.times_off.append(TimeOff(teacher=teacher, day=_text(entry, "Day"), hour=_text(entry, "Hour")))

    def _take_span_off(self, element: Element) -> None:
        """Take the older form: one day, from one hour to before another."""
        teacher = _text(element, "Teacher") or _text(element, "Teacher_Name")
        first, last = _text(element, "Start_Hour"), _text(element, "End_Hour")
        self.times_off.append(TimeOff(teacher=teacher, day=_text(element, "Day"), hour=first, before=last))

    def missing(self) -> list[Fault]:
        """Return a fault for each list without which nothing can be read."""
        cure = text("open the file with FET and save it again")
        lists = {"Days_List": self.days, "Hours_List": self.hours, "Teachers_List": self.teachers}
        return self.faults + [
            Fault(f"{self.path.name}: {name}", text("the list is missing or empty"), cure)
            for name, entries in lists.items()
            if not entries
        ]

    def remarks(self) -> list[Remark]:
        """Return what of the constraints was passed over."""
        remarks = []
        if self.num_inactive:
            message = text_n(
                "{count} constraint that is switched off was passed over",
                "{count} constraints that are switched off were passed over",
                count=self.num_inactive,
            )
            remarks.append(Remark("", message, "inactive_constraints"))
        if self.ignored:
            kinds = ", ".join(f"{name.removeprefix('Constraint')} ({num})" for name, num in self.ignored.most_common(3))
            message = text_n(
                "{count} constraint does not say when anybody is taken and was not read: {kinds}",
                "{count} constraints do not say when anybody is taken and were not read: {kinds}",
                count=self.ignored.total(),
                kinds=kinds + (" …" if len(self.ignored) > 3 else ""),
            )
            remarks.append(Remark("", message, "ignored_constraints"))
        return remarks


_KNOWN: Mapping[str, Callable[[_Contents, Element], None]] = {
    "ConstraintActivityPreferredStartingTime": _Contents._take_start,
    "ConstraintActivityPreferredTime": _Contents._take_start,
    "ConstraintActivityPreferredRoom": _Contents._take_room,
    "ConstraintTeacherNotAvailableTimes": _Contents._take_time_off,
    "ConstraintTeacherNotAvailable": _Contents._take_span_off,
}


def _text(element: Element, name: str) -> str:
    return (element.findtext(name) or "").strip()


def _is_active(element: Element) -> bool:
    """Return whether an entry counts; older files do not say so of every one."""
    return (_text(element, "Active") or "true").casefold() in ("true", "yes", "1")


def _weight(element: Element) -> float:
    try:
        return float(_text(element, "Weight_Percentage") or _text(element, "Weight") or "100")
    except ValueError:
        return 0.0
