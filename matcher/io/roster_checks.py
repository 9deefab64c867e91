"""Checks across cells, rows and sheets: references, duplicates, dates that cannot be, pairs of one person."""

from __future__ import annotations

import zoneinfo
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from matcher.io.cells import BadCell
from matcher.io.columns import Column, ColumnType
from matcher.io.headings import near
from matcher.io.parsed import Parsed
from matcher.io.report import Remark
from matcher.io.sheets import SHEET_BY_ID
from matcher.roster import LockStatus, PersonKind
from matcher.texts import Text, text, text_n

Sheets = Mapping[str, Parsed]

MIN_AGE_YEARS = 5
MAX_AGE_YEARS = 100
WORK_FROM_AGE_YEARS = 16
_MAX_SUGGESTED = 100
"""So many unknown codes get near ones suggested; the search among many codes is slow."""


def check_sheets(sheets: Sheets, today: date) -> None:
    """Add to the parsed sheets every fault and remark that needs more than one cell."""
    for parsed in sheets.values():
        _check_keys(parsed)
    _check_references(sheets)
    for check in (_check_ids, _check_self_pairs, _check_locks, _check_mentees, _check_classes, _check_orders):
        check(sheets)
    _check_dates(sheets, today)
    _check_time_zones(sheets)


def _good(value: object) -> bool:
    return value is not None and not isinstance(value, BadCell)


def _check_keys(parsed: Parsed) -> None:
    """Report rows that name again what an earlier row has named."""
    columns = [parsed.get(key) for key in parsed.sheet.key]
    is_required = [parsed.sheet.column(key).is_required for key in parsed.sheet.key]
    skipped = {
        index
        for values, needed in zip(columns, is_required, strict=True)
        for index, value in enumerate(values)
        if isinstance(value, BadCell) or (needed and value is None)
    }
    nothing = (None,) * len(columns)
    first: dict[tuple[object, ...], int] = {}
    for index, key in enumerate(zip(*columns, strict=True)):
        if index in skipped or key == nothing:
            continue
        earlier = first.setdefault(key, index)
        if earlier != index:
            shown = ", ".join(str(part) for part in key if part is not None)
            column_id = next(c for c, part in zip(parsed.sheet.key, key, strict=True) if part is not None)
            place = parsed.table.place(parsed.row[earlier], parsed.position.get(column_id))
            message = text("“{key}” already stands at {place}", key=shown, place=place)
            parsed.fault("duplicate", index, column_id, message, text("keep one of the two rows"))


def _check_references(sheets: Sheets) -> None:
    suggested: dict[tuple[str, ...], dict[str, tuple[str, ...]]] = {}
    for parsed in sheets.values():
        for column in parsed.sheet.columns:
            if column.reference and column.id in parsed.values:
                known = _known(sheets, column.reference)
                if known is not None:
                    _check_reference(parsed, column, known, suggested.setdefault(column.reference, {}))


def _known(sheets: Sheets, reference: tuple[str, ...]) -> set[object] | None:
    """Return the values of the referenced columns.

    None where organisations are only known from the people, and where the sheet itself is what has to be mended first.
    """
    if any(_is_wanting(sheets, name.partition(".")[0]) for name in reference):
        return None
    if reference == ("organisations.id",) and not has_rows(sheets, "organisations"):
        return set(sheets["people"].get("organisation")) if "people" in sheets else None
    found: set[object] = set()
    for name in reference:
        sheet_id, _, column_id = name.partition(".")
        if sheet_id in sheets:
            found.update(v for v in sheets[sheet_id].get(column_id) if isinstance(v, str))
    return found


def _is_wanting(sheets: Sheets, sheet_id: str) -> bool:
    """Return whether a sheet that must be there is missing or, for people, empty; that is reported once, as such."""
    if sheet_id == "people":
        return not has_rows(sheets, sheet_id)
    return SHEET_BY_ID[sheet_id].is_required and sheet_id not in sheets


def has_rows(sheets: Sheets, sheet_id: str) -> bool:
    """Return whether a sheet is there and holds rows."""
    return sheet_id in sheets and bool(sheets[sheet_id].row)


def _check_reference(parsed: Parsed, column: Column, known: set[object], suggested: dict[str, tuple[str, ...]]) -> None:
    values = parsed.values[column.id]
    lists: Iterable[object] = ((v,) for v in values) if column.type is ColumnType.ID else values
    for index, items in enumerate(lists):
        for value in items if isinstance(items, tuple) else ():
            if isinstance(value, str) and value not in known:
                if value not in suggested and len(suggested) < _MAX_SUGGESTED:
                    suggested[value] = near(value, (name for name in known if isinstance(name, str)))
                _report_unknown(parsed, column, index, value, suggested.get(value, ()))


def _report_unknown(parsed: Parsed, column: Column, index: int, value: str, names: Sequence[str]) -> None:
    sheets = tuple(dict.fromkeys(SHEET_BY_ID[name.partition(".")[0]] for name in column.reference))
    sheet = " / ".join(s.id if parsed.spelling == "id" else s.title(parsed.spelling) for s in sheets)
    cure = text("add it to the sheet “{sheet}” or correct it", sheet=sheet)
    if names:
        shown = ", ".join(names)
        cure = text("perhaps {names}; or add it to the sheet “{sheet}”", names=shown, sheet=sheet)
    message = text("the code “{value}” is not in the sheet “{sheet}”", value=value, sheet=sheet)
    parsed.fault("unknown_id", index, column.id, message, cure)


def _check_ids(sheets: Sheets) -> None:
    if "people" not in sheets or "classes" not in sheets:
        return
    people = set(sheets["people"].get("id"))
    for index, value in enumerate(sheets["classes"].get("id")):
        if _good(value) and value in people:
            message = text("the code “{value}” already names a person", value=value)
            sheets["classes"].fault("duplicate", index, "id", message, text("give the class another code"))


def _check_self_pairs(sheets: Sheets) -> None:
    """Report rows whose two sides are the same."""
    for sheet_id, left, right in (
        ("wishes", "from", "to"),
        ("compatibility", "mentor", "mentee"),
        ("locks", "mentor", "mentee"),
        ("overrides", "mentor", "mentee"),
        ("travel", "from_site", "to_site"),
        ("contracts", "organisation", "partner"),
    ):
        if sheet_id not in sheets:
            continue
        parsed = sheets[sheet_id]
        for index, (one, other) in enumerate(zip(parsed.get(left), parsed.get(right), strict=True)):
            if _good(one) and one == other:
                message = text("“{value}” is paired with itself", value=one)
                parsed.fault("self_pair", index, right, message, text("the two sides of a row are different"))


def _check_locks(sheets: Sheets) -> None:
    """Report pairs both kept and forbidden or kept in two states; remark on kept pairs that meet a veto (HR-22)."""
    if "locks" not in sheets:
        return
    parsed = sheets["locks"]
    vetoed = _vetoed(sheets)
    columns = ("mentor", "mentee", "form", "kind", "status")
    earlier: dict[tuple[object, object], list[tuple[int, object, object]]] = {}
    for index, row in enumerate(zip(*(parsed.get(column) for column in columns), strict=True)):
        mentor, mentee, *way, status = row
        if mentor is None or mentee is None or any(isinstance(part, BadCell) for part in row):
            continue
        status = status or LockStatus.AGREED
        others = earlier.setdefault((mentor, mentee), [])
        for other, other_way, other_status in others:
            is_one_forbidden = LockStatus.FORBIDDEN in (status, other_status)
            if status is not other_status and (is_one_forbidden or way == other_way):
                place = parsed.table.place(parsed.row[other], parsed.position.get("status"))
                message = text("another row says otherwise of the same pair: {place}", place=place)
                cure = text("keep only what the council decided")
                parsed.fault("contradictory_locks", index, "status", message, cure)
                break
        others.append((index, way, status))
        if status is not LockStatus.FORBIDDEN and ((mentor, mentee) in vetoed or (mentee, mentor) in vetoed):
            message = text("the kept pair meets a veto; the council has to decide")
            parsed.remarks.append(Remark(parsed.table.place(parsed.row[index]), message, "lock_meets_veto"))


def _vetoed(sheets: Sheets) -> set[tuple[object, object]]:
    if "wishes" not in sheets:
        return set()
    wishes = sheets["wishes"]
    sides = zip(wishes.get("from"), wishes.get("to"), wishes.get("veto"), strict=True)
    return {(one, other) for one, other, veto in sides if veto is True}


def _check_mentees(sheets: Sheets) -> None:
    if "mentees" in sheets:
        parsed = sheets["mentees"]
        for index, (person, school_class) in enumerate(zip(parsed.get("person"), parsed.get("class"), strict=True)):
            if person is None and school_class is None:
                message = text("the row names neither a person nor a class")
                parsed.fault("no_mentee", index, parsed.sheet.key[0], message, text("name one of them"))
            elif person is not None and school_class is not None:
                message = text("the row names both a person and a class")
                parsed.fault(
                    "two_mentees", index, "class", message, text("keep one of them; two mentees need two rows")
                )
    if "overrides" in sheets:
        parsed = sheets["overrides"]
        for index, (mentor, mentee) in enumerate(zip(parsed.get("mentor"), parsed.get("mentee"), strict=True)):
            if mentor is None and mentee is None:
                message = text("the row names neither a mentor nor a mentee")
                parsed.fault("no_side", index, "rule", message, text("name at least one of them"))


def _check_classes(sheets: Sheets) -> None:
    """Report pupils whose class is of another grade or organisation."""
    if "classes" not in sheets or "people" not in sheets:
        return
    people, classes = sheets["people"], sheets["classes"]
    of_class = dict(
        zip(classes.get("id"), zip(classes.get("organisation"), classes.get("grade"), strict=True), strict=True)
    )
    rows = zip(
        people.get("person_kind"), people.get("class"), people.get("organisation"), people.get("grade"), strict=True
    )
    for index, (kind, school_class, organisation, grade) in enumerate(rows):
        if kind is not PersonKind.PUPIL or school_class not in of_class:
            continue
        class_organisation, class_grade = of_class[school_class]
        cure = text("correct the person or the class")
        if _good(organisation) and _good(class_organisation) and organisation != class_organisation:
            message = text("the class “{value}” belongs to another organisation", value=school_class)
            people.fault("class_elsewhere", index, "class", message, cure)
        if _good(grade) and _good(class_grade) and grade != class_grade:
            message = text("the class “{value}” is of grade {grade}", value=school_class, grade=class_grade)
            people.fault("grade_differs", index, "grade", message, cure)


def _check_orders(sheets: Sheets) -> None:
    """Report pairs of cells in the wrong order: from after to, least above most, part above whole."""
    days = text("the end comes before the beginning"), text("exchange the two dates or correct one")
    hours = text("the end is not after the beginning"), text("exchange the two times or correct one")
    loads = text("the least is more than the most"), text("make the least at most the most")
    parts = text("the part is more than the whole"), text("correct one of the two numbers")
    for sheet_id, low, high, is_strict, (message, cure), kind in (
        ("absences", "from", "to", False, days, "end_before_start"),
        ("contracts", "from", "to", False, days, "end_before_start"),
        ("consents", "date", "expires", False, days, "end_before_start"),
        ("availability", "from", "to", True, hours, "end_before_start"),
        ("mentors", "min_individual", "max_individual", False, loads, "least_above_most"),
        ("organisations", "staff_under_35", "staff", False, parts, "part_above_whole"),
        ("organisations", "staff_under_35_first_three_years", "staff_under_35", False, parts, "part_above_whole"),
        ("organisations", "pupils_15_19", "pupils", False, parts, "part_above_whole"),
    ):
        if sheet_id not in sheets:
            continue
        parsed = sheets[sheet_id]
        for index, (small, large) in enumerate(zip(parsed.get(low), parsed.get(high), strict=True)):
            if not (_good(small) and _good(large)):
                continue
            if small > large or (is_strict and small == large):  # type: ignore[operator]  # one type in both columns
                parsed.fault(kind, index, high, message, cure)


def _check_dates(sheets: Sheets, today: date) -> None:
    if "people" in sheets:
        _check_ages(sheets["people"], today)
    if "deficits" in sheets:
        _remark_future_days(sheets["deficits"], today)


def _remark_future_days(deficits: Parsed, today: date) -> None:
    # Not a fault: the day decides nothing, and a roster must not go wrong with the clock of the machine.
    rows = [index for index, day in enumerate(deficits.get("date")) if isinstance(day, date) and day > today]
    if rows:
        message = text_n(
            "{count} day of measuring lies in the future",
            "{count} days of measuring lie in the future",
            count=len(rows),
        )
        place = deficits.table.place(deficits.row[rows[0]], deficits.position["date"])
        deficits.remarks.append(Remark(place, message, "future_date"))


def _check_ages(people: Parsed, today: date) -> None:
    columns = ("birth_date", "pedagogical_experience_years", "position_since", "organisation_since", "break_ended")
    cure = text("correct the date")
    for index, (born, experience, *since) in enumerate(zip(*(people.get(c) for c in columns), strict=True)):
        if not isinstance(born, date):
            continue
        age = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
        if born > today:
            people.fault("future_birth", index, "birth_date", text("the date of birth lies in the future"), cure)
        elif not MIN_AGE_YEARS <= age <= MAX_AGE_YEARS:
            message = text("the date of birth gives an age of {age}", age=age)
            bounds = text("ages from {low} to {high} are possible", low=MIN_AGE_YEARS, high=MAX_AGE_YEARS)
            people.fault("impossible_age", index, "birth_date", message, bounds)
        elif isinstance(experience, float) and experience > max(0, age - WORK_FROM_AGE_YEARS):
            message = text("{years} years of experience do not fit an age of {age}", years=f"{experience:g}", age=age)
            fitting = text("correct the experience or the date of birth")
            people.fault("experience_too_long", index, "pedagogical_experience_years", message, fitting)
        for column_id, day in zip(columns[2:], since, strict=True):
            if isinstance(day, date) and day < born:
                message = text("the day comes before the birth of the person")
                people.fault("before_birth", index, column_id, message, cure)


def _check_time_zones(sheets: Sheets) -> None:
    if "organisations" not in sheets:
        return
    values = sheets["organisations"].get("time_zone")
    listed = {choice.id for choice in SHEET_BY_ID["organisations"].column("time_zone").choices}
    if listed.issuperset(value for value in values if isinstance(value, str)):
        return
    zones = zoneinfo.available_timezones()
    for index, zone in enumerate(values):
        if isinstance(zone, str) and zone not in zones:
            names = near(zone, zones)
            cure: Text = text("choose a time zone from the list, for example Europe/Moscow")
            if names:
                cure = text("perhaps {names}", names=", ".join(names))
            message = text("the time zone “{value}” is not known", value=zone)
            sheets["organisations"].fault("unknown_time_zone", index, "time_zone", message, cure)
