"""The sheets about sessions: all meetings, pages of each person and school, rooms, licences, what has no place."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from matcher.io.plan_book.sheet import Cell, Look, Page, PlanBook, PrintedColumn, id_column
from matcher.io.sentences.sessions import SessionWords, clock, weekday
from matcher.io.speaker import Speaker
from matcher.roster import SessionMode
from matcher.sessions.schedule import Activity, PlannedSession, Schedule, SessionState, Unplaced
from matcher.texts import Text, text, text_n

_TEAL, _RED = "#00807A", "#C00000"
_MONTHS = (
    text("January"), text("February"), text("March"), text("April"), text("May"), text("June"),
    text("July"), text("August"), text("September"), text("October"), text("November"), text("December"),
)  # fmt: skip
STATES = {
    SessionState.DRAFT: text("draft"),
    SessionState.PUBLISHED: text("published"),
    SessionState.HELD: text("held"),
    SessionState.CANCELLED: text("called off"),
}


def write_meetings(book: PlanBook, speaker: Speaker) -> None:
    """Write all sheets about sessions; none where the plan has no schedule."""
    schedule = speaker.plan.schedule
    if schedule is None:
        return
    told = _Told(schedule, speaker)
    _write_all(book, told)
    _write_unplaced(book, told)
    _write_people(book, told)
    _write_months(book, told)
    _write_rooms(book, told)
    _write_licences(book, told)


class _Told:
    """The sessions of a plan in words, said once and used on several sheets."""

    def __init__(self, schedule: Schedule, speaker: Speaker) -> None:
        self.schedule, self.speaker = schedule, speaker
        self.words = SessionWords(speaker)
        self.activities = {activity.id: activity for activity in schedule.activities}
        self.sessions = sorted(schedule.sessions, key=lambda found: (found.day, found.start_minute, found.id))
        self._who = {activity.id: self.words.who(activity) for activity in schedule.activities}
        self._where: dict[tuple[str | None, ...], str] = {}

    def activity(self, session: PlannedSession) -> Activity:
        return self.activities[session.activity]

    def who(self, session: PlannedSession) -> str:
        return self._who[session.activity]

    def what(self, session: PlannedSession) -> str:
        return self.words.what(self.activity(session), session)

    def where(self, session: PlannedSession) -> str:
        key = (session.mode, session.site, session.room, session.licence)
        if key not in self._where:
            self._where[key] = self.words.where(session)
        return self._where[key]

    def day(self, session: PlannedSession) -> str:
        return f"{session.day:%d.%m.%Y}"

    def hours(self, session: PlannedSession) -> str:
        return f"{clock(session.start_minute)}–{clock(session.end_minute)}"

    def short_day(self, session: PlannedSession) -> str:
        return self.speaker.say(weekday(session.day))


def _rows(page: Page, book: PlanBook, columns: Sequence[PrintedColumn], rows: Iterable[Sequence[Cell]]) -> None:
    """Write many rows of one line each under headings, without measuring their height."""
    top = page.row
    for at, column in enumerate(columns):
        words = book.say(column.heading)
        page.sheet.write_string(top, at, words[:1].upper() + words[1:], book.formats.heading)
    page.row += 1
    for index, row in enumerate(rows):
        for at, (column, cell) in enumerate(zip(columns, row, strict=True)):
            style = book.formats.cell(column.look, is_band=index % 2 == 1)
            if isinstance(cell, int | float):
                page.sheet.write_number(page.row, at, cell, style)
            else:
                page.sheet.write_string(page.row, at, cell or "", style)
        page.row += 1


def _write_all(book: PlanBook, told: _Told) -> None:
    live = [session for session in told.sessions if session.state is not SessionState.CANCELLED]
    note = text_n("{count} meeting", "{count} meetings", count=len(live))
    page = book.page(text("Meetings"), text("Schedule of meetings"), note, colour=_TEAL)
    columns = (
        PrintedColumn(heading=text("date"), width=11),
        PrintedColumn(heading=text("day"), width=5),
        PrintedColumn(heading=text("time"), width=13, look=Look.STRONG),
        PrintedColumn(heading=text("mentor – mentees"), width=52, look=Look.STRONG),
        PrintedColumn(heading=text("meeting"), width=40),
        PrintedColumn(heading=text("place"), width=44),
        PrintedColumn(heading=text("state"), width=13),
        id_column(text("code of the meeting")),
    )
    page.row = max(page.row, 3)
    page.widths(columns)
    top = page.row
    _rows(
        page,
        book,
        columns,
        (
            (
                told.day(session),
                told.short_day(session),
                told.hours(session),
                told.who(session),
                told.what(session),
                told.where(session),
                book.say(STATES[session.state]),
                session.id,
            )
            for session in told.sessions
        ),
    )
    page.sheet.freeze_panes(top + 1, 0)
    page.sheet.repeat_rows(top)
    if told.sessions:
        page.sheet.autofilter(top, 0, page.row - 1, len(columns) - 1)


def _write_unplaced(book: PlanBook, told: _Told) -> None:
    missing = sum(len(found.numbers) for found in told.schedule.unplaced)
    if not missing:
        return
    note = text_n("{count} meeting has no place", "{count} meetings have no place", count=missing)
    page = book.page(text("Not placed"), text("Meetings without a place, and what would place them"), note, colour=_RED)
    columns = (
        PrintedColumn(heading=text("mentor – mentees"), width=40, look=Look.STRONG),
        PrintedColumn(heading=text("which"), width=16),
        PrintedColumn(heading=text("why"), width=60),
        PrintedColumn(heading=text("what would help"), width=60),
        id_column(),
    )
    page.table(columns, [_unplaced_row(book, told, found) for found in told.schedule.unplaced])


def _unplaced_row(book: PlanBook, told: _Told, found: Unplaced) -> tuple[str, ...]:
    activity = told.activities[found.activity]
    windows = [activity.windows[number - 1] for number in found.numbers]
    which = "\n".join(f"{window.first_day:%d.%m}–{window.last_day:%d.%m}" for window in windows[:4])
    if len(windows) > 4:
        which += "\n" + book.say(text_n("and {count} more", "and {count} more", count=len(windows) - 4))
    why = "; ".join(told.words.told(reason) for reason in found.reasons)
    if found.is_proved:
        why = f"{why} {book.say(text('(proved: no plan can place more)'))}".strip()
    helps = "\n".join(
        f"{told.words.told(concession.message)}: {book.say(text('{count} more', count=f'+{concession.gain}'))}"
        for concession in found.concessions
    )
    return told.words.label(activity), which, why, helps, found.activity


def _write_people(book: PlanBook, told: _Told) -> None:
    """Write everybody's meetings, one page to print for each person."""
    page = book.page(text("By person"), text("Everybody's meetings"), text("One page for each person"), colour=_TEAL)
    columns = (
        PrintedColumn(heading=text("date"), width=12),
        PrintedColumn(heading=text("day"), width=6),
        PrintedColumn(heading=text("time"), width=14, look=Look.STRONG),
        PrintedColumn(heading=text("mentor – mentees"), width=52),
        PrintedColumn(heading=text("meeting"), width=42),
        PrintedColumn(heading=text("place"), width=44),
    )
    page.widths(columns)
    own: dict[str, list[PlannedSession]] = defaultdict(list)
    for session in told.sessions:
        if session.state is not SessionState.CANCELLED:
            for person in told.activity(session).people:
                own[person].append(session)
    breaks = []
    for person in sorted(own, key=told.speaker.person):
        page.section(f"{told.speaker.person(person)} · {told.speaker.organisation_of(person)}")
        rows = (
            (told.day(s), told.short_day(s), told.hours(s), told.who(s), told.what(s), told.where(s))
            for s in own[person]
        )
        _rows(page, book, columns, rows)
        breaks.append(page.row)
    page.sheet.set_h_pagebreaks(breaks[:-1][:1000])


def _write_months(book: PlanBook, told: _Told) -> None:
    """Write a month view of every organisation: weeks as rows, days as columns."""
    page = book.page(text("By school"), text("Month view of each organisation"), colour=_TEAL)
    days = [PrintedColumn(heading=weekday(date(2026, 8, 31) + timedelta(days=at)), width=27) for at in range(7)]
    page.widths(days)
    own: dict[str, dict[date, list[PlannedSession]]] = defaultdict(lambda: defaultdict(list))
    for session in told.sessions:
        if session.state is not SessionState.CANCELLED:
            for organisation in {told.speaker.organisation_id_of(p) for p in told.activity(session).people}:
                own[organisation][session.day].append(session)
    breaks = []
    for organisation in sorted(own, key=told.speaker.organisation):
        sessions = own[organisation]
        page.section(told.speaker.organisation(organisation))
        for year, month in sorted({(day.year, day.month) for day in sessions}):
            _write_month(book, page, told, days, year, month, sessions)
        breaks.append(page.row)
    page.sheet.set_h_pagebreaks(breaks[:-1][:1000])


def _write_month(
    book: PlanBook,
    page: Page,
    told: _Told,
    days: Sequence[PrintedColumn],
    year: int,
    month: int,
    sessions: dict[date, list[PlannedSession]],
) -> None:
    page.write(0, f"{book.say(_MONTHS[month - 1])} {year}", book.formats.section)
    first = date(year, month, 1)
    day = first - timedelta(days=first.weekday())
    weeks = []
    while day < first or day.month == month:
        cells = [_day_cell(told, day + timedelta(days=at), month, sessions) for at in range(7)]
        if any("\n" in cell for cell in cells):
            weeks.append(cells)
        day += timedelta(days=7)
    page.table(days, weeks, is_main=False)
    page.skip()


def _day_cell(told: _Told, day: date, month: int, sessions: dict[date, list[PlannedSession]]) -> str:
    if day.month != month:
        return ""
    lines = [f"{clock(s.start_minute)} {told.who(s)}" for s in sessions.get(day, ())]
    return "\n".join([f"{day:%d.%m}", *lines]) if lines else f"{day:%d.%m}"


def _write_rooms(book: PlanBook, told: _Told) -> None:
    used = [s for s in told.sessions if s.room is not None and s.state is not SessionState.CANCELLED]
    if not used:
        return
    page = book.page(text("Rooms"), text("Rooms and their meetings"), colour=_TEAL)
    columns = (
        PrintedColumn(heading=text("building"), width=34, look=Look.STRONG),
        PrintedColumn(heading=text("room"), width=26, look=Look.STRONG),
        PrintedColumn(heading=text("date"), width=11),
        PrintedColumn(heading=text("day"), width=5),
        PrintedColumn(heading=text("time"), width=13),
        PrintedColumn(heading=text("mentor – mentees"), width=52),
        PrintedColumn(heading=text("people"), width=8, look=Look.NUMBER),
    )
    page.row = max(page.row, 3)
    page.widths(columns)
    top = page.row
    ordered = sorted(used, key=lambda s: (str(s.site), str(s.room), s.day, s.start_minute))
    _rows(
        page,
        book,
        columns,
        (
            (
                told.words.site(s.site),
                told.words.room(s.room),
                told.day(s),
                told.short_day(s),
                told.hours(s),
                told.who(s),
                told.activity(s).size,
            )
            for s in ordered
        ),
    )
    page.sheet.freeze_panes(top + 1, 0)
    page.sheet.repeat_rows(top)
    page.sheet.autofilter(top, 0, page.row - 1, len(columns) - 1)


def _write_licences(book: PlanBook, told: _Told) -> None:
    online = [s for s in told.sessions if s.mode is SessionMode.ONLINE and s.state is not SessionState.CANCELLED]
    pools = told.words.licences
    if not online or not pools:
        return
    page = book.page(text("Licences"), text("Use of video licences"), colour=_TEAL)
    columns = (
        PrintedColumn(heading=text("licence"), width=30, look=Look.STRONG),
        PrintedColumn(heading=text("month"), width=20),
        PrintedColumn(heading=text("meetings"), width=12, look=Look.NUMBER),
        PrintedColumn(heading=text("most at once"), width=12, look=Look.NUMBER),
        PrintedColumn(heading=text("licences"), width=12, look=Look.NUMBER),
        PrintedColumn(heading=text("share used at the peak"), width=20, look=Look.SHARE),
    )
    months: dict[tuple[str, int, int], list[PlannedSession]] = defaultdict(list)
    for session in online:
        months[session.licence or "", session.day.year, session.day.month].append(session)
    rows = []
    for (licence, year, month), sessions in sorted(months.items()):
        pool = pools.get(licence)
        most, count = most_at_once(sessions), 0 if pool is None else pool.count
        name = licence if pool is None else pool.name or pool.id
        named = f"{book.say(_MONTHS[month - 1])} {year}"
        rows.append((name, named, len(sessions), most, count, most / count if count else None))
    page.table(columns, rows)


def most_at_once(sessions: Iterable[PlannedSession]) -> int:
    """Return how many of the sessions run at one moment at most."""
    changes: Counter[tuple[date, int, int]] = Counter()
    for session in sessions:
        changes[session.day, session.start_minute, 1] += 1
        changes[session.day, session.end_minute, 0] -= 1
    most = running = 0
    for _, change in sorted(changes.items()):
        running += change
        most = max(most, running)
    return most


def month_name(month: int) -> Text:
    """Return the name of a month, 1 being January."""
    return _MONTHS[month - 1]
