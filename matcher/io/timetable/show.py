"""What `matcher timetable` says: what was read, what was not, and who was not found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from matcher.io.console.paper import Paper
from matcher.io.timetable.draft.hours import has_no_times
from matcher.io.timetable.draft.people import Matched
from matcher.io.timetable.school import LESSON, NOT_AVAILABLE, SchoolTimetable
from matcher.roster import Roster
from matcher.texts import Lang, Text, text, text_n


def print_timetable(found: SchoolTimetable, lang: Lang) -> None:
    """Print what was read of a file, then what was not or was read otherwise than it stands."""
    paper = Paper(lang)
    name = text("{file}: {format}", file=found.path.name, format=found.file_format)
    if found.title:
        name = text("{file}: {format}, “{title}”", file=found.path.name, format=found.file_format, title=found.title)
    paper.title(name)
    for line in _lines(found):
        paper.line(line, indent=2)
    if found.remarks:
        paper.title(text("Not read, or read otherwise than it stands:"))
        for remark in found.remarks:
            message = paper.say(remark.message)
            paper.line(f"{remark.place}: {message}" if remark.place else message, "yellow", indent=2)


def _lines(found: SchoolTimetable) -> list[Text]:
    num_lessons = found.count(LESSON)
    lines = [
        text(
            "{teachers}, {busy} of them with lessons",
            teachers=text_n("{count} teacher", "{count} teachers", count=len(found.teachers)),
            busy=len(found.teachers_with_lessons),
        ),
        text(
            "{days} × {hours}",
            days=text_n("{count} day", "{count} days", count=len(found.days)),
            hours=text_n("{count} hour", "{count} hours", count=len(found.hours)),
        ),
        text(
            "lessons read: {placed} of {wanted}; {rows}",
            placed=found.num_placed,
            wanted=found.num_wanted,
            rows=text_n("{count} hour of a teacher is taken", "{count} hours of teachers are taken", count=num_lessons),
        ),
    ]
    if found.knows_not_in_building:
        num_off = found.count(NOT_AVAILABLE)
        lines.append(text_n("{count} hour not in the building", "{count} hours not in the building", count=num_off))
    rooms = text_n("{count} room", "{count} rooms", count=found.num_rooms)
    if found.num_buildings:
        buildings = text_n("{count} building", "{count} buildings", count=found.num_buildings)
        lines.append(text("{rooms}, {buildings}", rooms=rooms, buildings=buildings))
    elif found.num_rooms:
        lines.append(rooms)
    if found.dated:
        lines.append(
            text_n("{count} time of a single day", "{count} times of single days", count=len(found.dated)),
        )
    if found.hours and has_no_times(found.hours):
        lines.append(text("the file tells no clock times: those of the map are made up, correct them"))
    return lines


def print_people(matched: Matched, roster: Roster, lang: Lang) -> None:
    """Print who was found, who of the mentors and mentees was not, and which teachers are nobody in the roster."""
    paper = Paper(lang)
    name_of = {person.id: person.name for person in roster.people}
    paper.title(
        text(
            "Found in the roster: {teachers}",
            teachers=text_n("{count} teacher", "{count} teachers", count=len(matched.names)),
        )
    )
    if matched.guessed:
        shown = ", ".join(f"{name} → {_person(matched.names[name], name_of)}" for name in sorted(matched.guessed))
        paper.line(text("guessed, please check: {names}", names=shown), "yellow", indent=2)
    if matched.unclear:
        paper.line(text("Several people may be meant:"), "bold")
        _alike(paper, {name: [_person(id_, name_of) for id_ in ids] for name, ids in matched.unclear.items()})
    if matched.missing:
        head = text_n(
            "{count} mentor or mentee is not in the file:",
            "{count} mentors and mentees are not in the file:",
            count=len(matched.missing),
        )
        paper.line(head, "bold")
        _alike(paper, {_person(id_, name_of): names for id_, names in matched.missing.items()})
    if matched.strangers:
        head = text_n(
            "{count} teacher of the file is nobody in the roster:",
            "{count} teachers of the file are nobody in the roster:",
            count=len(matched.strangers),
        )
        paper.line(head, "bold")
        _alike(paper, {name: [_person(id_, name_of) for id_ in ids] for name, ids in matched.strangers.items()})


def _alike(paper: Paper, names: Mapping[str, Sequence[str]]) -> None:
    """Print names with those like them, one a line; the others together."""
    alone = [name for name, similar in names.items() if not similar]
    for name, similar in names.items():
        if similar:
            paper.line(text("{name}: perhaps {names}", name=name, names=", ".join(similar)), indent=2)
    if alone:
        paper.line(", ".join(alone), indent=2)


def _person(id_: str, name_of: Mapping[str, str]) -> str:
    name = name_of.get(id_)
    return f"{id_} ({name})" if name else id_
