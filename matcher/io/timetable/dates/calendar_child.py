"""The program that unrolls a calendar in a limited child process and writes its events as JSON.

Rules of recurrence can ask for more dates than any machine holds; here that ends the child only. It imports nothing of
this package. Nothing of what an event is about is written, only when somebody is taken.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import takewhile
from typing import Any
from zoneinfo import ZoneInfo

MAX_EVENTS = 20_000
MAX_SERIES = 300
"""Events that repeat; each of them can fall on every day of the year."""
MAX_DATES = 200_000
_PROPERTIES = ("DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID")
_UNREADABLE = (ValueError, KeyError, IndexError, TypeError, AttributeError, OverflowError)
_TOO_OFTEN = ("SECONDLY", "MINUTELY", "HOURLY")


class Refused(Exception):
    """The calendar must not be read further: a kind and the details a sentence needs."""

    def __init__(self, kind: str, **details: object) -> None:
        self.kind, self.details = kind, details
        super().__init__(kind)


def main() -> None:
    """Set the limits on this process, unroll the calendar named after them, write JSON."""
    memory_bytes, cpu_seconds, output_bytes, path, zone, year = sys.argv[1:7]
    try:
        import resource
    except ImportError:  # a system without limits: the parent's clock remains
        pass
    else:
        resource.setrlimit(resource.RLIMIT_AS, (int(memory_bytes), int(memory_bytes)))
        resource.setrlimit(resource.RLIMIT_CPU, (int(cpu_seconds), int(cpu_seconds) + 2))
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(output_bytes), int(output_bytes)))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        answer = read_calendar(path, zone, int(year) if year else None)
    except Refused as refused:
        answer = {"refused": refused.kind, "details": refused.details}
    except MemoryError:
        sys.exit(3)
    except (RecursionError, *_UNREADABLE):
        answer = {"refused": "damaged", "details": {"line": 0}}
    json.dump(answer, sys.stdout)


def read_calendar(path: str, zone: str, year: int | None) -> dict[str, Any]:
    """Return the dates of all events of one school year, and what was passed over."""
    from icalendar import Calendar

    with open(path, encoding="utf-8-sig") as stream:
        content = stream.read()
    try:
        calendar = Calendar.from_ical(content)
    except _UNREADABLE as error:
        raise Refused("damaged", line=first_wrong_line(content)) from error
    events = list(calendar.walk("VEVENT"))
    if len(events) > MAX_EVENTS:
        raise Refused("too_many", count=MAX_EVENTS)
    if sum(1 for event in events if "RRULE" in event) > MAX_SERIES:
        raise Refused("too_many_series", count=MAX_SERIES)
    faults = [fault for event in events for fault in faults_of(event)]
    if faults:
        return {"faults": faults}
    name = str(calendar.get("X-WR-CALNAME") or calendar.get("NAME") or "")
    zone = zone or str(calendar.get("X-WR-TIMEZONE") or "")
    if year is None:
        year = latest_year(events)
    first, last = date(year, 9, 1), date(year + 1, 9, 1)
    clock = Clock(zone)
    free = [event for event in events if is_free(event)]
    try:
        dates = list(clock.parts(calendar, first, last))
    except _UNREADABLE:
        faults = [fault for event in events for fault in rule_faults(event, first)]
        if not faults:
            raise
        return {"faults": faults}
    return {
        "name": name,
        "zone": zone,
        "year": year,
        "num_events": len(events),
        "num_free": len(free),
        "is_utc": clock.saw_utc and not zone,
        "dates": dates,
    }


def faults_of(event: Any) -> Iterator[dict[str, str]]:
    """Yield the properties of an event that cannot be read, or that no reader could unroll."""
    uid = str(event.get("UID") or "")
    wrong = {str(name or "").upper() for name, _ in event.errors}
    if "" in wrong:
        yield {"uid": uid, "property": "", "kind": "wrong_line"}
    for name in _PROPERTIES:
        if name in wrong:
            yield {"uid": uid, "property": name, "kind": "unreadable"}
    if "DTSTART" not in event and "DTSTART" not in wrong:
        yield {"uid": uid, "property": "DTSTART", "kind": "missing"}
    for rule in [] if "RRULE" in wrong else several(event.get("RRULE")):
        frequency = str((rule.get("FREQ") or [""])[0])
        if frequency in _TOO_OFTEN or any(name in rule for name in ("BYHOUR", "BYMINUTE", "BYSECOND")):
            yield {"uid": uid, "property": "RRULE", "kind": "too_often"}
        elif not frequency:
            yield {"uid": uid, "property": "RRULE", "kind": "unreadable"}


def rule_faults(event: Any, day: date) -> Iterator[dict[str, str]]:
    """Yield that the rule of an event cannot be unrolled: half of a rule is no error to its parser."""
    import recurring_ical_events
    from icalendar import Calendar

    alone = Calendar()
    alone.add_component(event)
    try:
        recurring_ical_events.of(alone).at(day)
    except _UNREADABLE:
        yield {"uid": str(event.get("UID") or ""), "property": "RRULE", "kind": "unreadable"}


def first_wrong_line(content: str) -> int:
    """Return the number of the first line that is none of a calendar, 0 where each alone could be one."""
    from icalendar.parser import Contentline

    parse: Any = Contentline

    lines = content.splitlines()
    for at, line in enumerate(lines):
        if not line or line[0] in " \t":
            continue
        folded = [further[1:] for further in takewhile(lambda further: further[:1] in (" ", "\t"), lines[at + 1 :])]
        try:
            parse("".join([line, *folded])).parts()
        except _UNREADABLE:
            return at + 1
    return 0


def several(value: Any) -> list[Any]:
    """Return the values of a property that may stand once, several times or not at all."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def latest_year(events: list[Any]) -> int:
    """Return the year in which the latest school year begins that has the beginning of an event."""
    starts = [event["DTSTART"].dt for event in events]
    years = [start.year - (start.month < 8) for start in starts if 1970 <= start.year < 2200]
    return max(years, default=date.today().year)


def is_free(event: Any) -> bool:
    """Return whether an event takes nobody's time: cancelled, or marked as free."""
    is_cancelled = str(event.get("STATUS") or "").upper() == "CANCELLED"
    return is_cancelled or str(event.get("TRANSP") or "").upper() == "TRANSPARENT"


def is_away(event: Any) -> bool:
    """Return whether an event says that the person is out of office."""
    return str(event.get("X-MICROSOFT-CDO-BUSYSTATUS") or "").upper() == "OOF"


class Clock:
    """Turns moments into days and minutes of the wanted zone, or of the event's own where none is wanted."""

    def __init__(self, zone: str) -> None:
        try:
            self.zone = ZoneInfo(zone) if zone else None
        except (KeyError, ValueError, OSError) as error:
            raise Refused("unknown_zone", zone=zone[:80]) from error
        self.saw_utc = False

    def local(self, moment: date) -> datetime:
        """Return a moment without zone."""
        if not isinstance(moment, datetime):
            return datetime.combine(moment, time())
        if moment.tzinfo is None:
            return moment
        self.saw_utc |= moment.tzname() == "UTC"
        return (moment if self.zone is None else moment.astimezone(self.zone)).replace(tzinfo=None)

    def parts(self, calendar: Any, first: date, last: date) -> Iterator[list[object]]:
        """Yield [uid, day, start minute, end minute, away] of each day that an event touches."""
        import recurring_ical_events

        num = 0
        for event in recurring_ical_events.of(calendar).between(first, last):
            if is_free(event):
                continue
            start, end = self.local(event.start), self.local(event.end)
            for part in by_days(start, end):
                num += 1
                if num > MAX_DATES:
                    raise Refused("too_many_dates", count=MAX_DATES)
                if first <= part[0] < last:
                    yield [str(event.get("UID") or ""), part[0].isoformat(), part[1], part[2], is_away(event)]
        for busy in calendar.walk("VFREEBUSY"):
            yield from self.busy_times(busy, first, last)

    def busy_times(self, busy: Any, first: date, last: date) -> Iterator[list[object]]:
        """Yield the times of a list of free and busy times."""
        for period in several(busy.get("FREEBUSY")):
            kind = str(period.params.get("FBTYPE", "BUSY")).upper()
            if kind == "FREE":
                continue
            for day, start, end in by_days(self.local(period.start), self.local(period.end)):
                if first <= day < last:
                    yield [str(busy.get("UID") or ""), day.isoformat(), start, end, kind == "BUSY-UNAVAILABLE"]


def by_days(start: datetime, end: datetime) -> Iterator[tuple[date, int, int]]:
    """Yield day, start and end minute of each day between two moments; seconds are rounded outwards."""
    day = start.date()
    for _ in range(366):
        midnight = datetime.combine(day, time())
        begin = max(start, midnight)
        stop = min(end, midnight + timedelta(days=1))
        if begin >= stop:
            return
        yield day, (begin - midnight).seconds // 60, -(-int((stop - midnight).total_seconds()) // 60)
        day += timedelta(days=1)


if __name__ == "__main__":
    main()
