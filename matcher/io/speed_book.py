"""The workbook of a speed event: a sheet a round, a page a person, and the sheet for the ratings afterwards."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from matcher.io.plan_book.sheet import Look, Page, PlanBook, PrintedColumn, id_column
from matcher.io.sheets import SHEET_BY_ID
from matcher.io.speed_words import (
    Clock,
    EventSpeaker,
    figure,
    level_line,
    mentees_by_meetings,
    title_of,
    without_reason,
)
from matcher.roster import Roster
from matcher.speed.plan import Meeting, SpeedPlan
from matcher.texts import Lang, Text, text, text_n

RATINGS = text("Ratings")
"""The title of the sheet that is filled in after the event; its columns are those of the wishes of a roster."""

_GREEN, _YELLOW, _VIOLET = "#548235", "#FFF2CC", "#7030A0"
_SCORES = [str(score) for score in range(11)]


def write_speed_book(
    plan: SpeedPlan, roster: Roster, path: str | Path, lang: Lang = "ru", *, clock: Clock | None = None
) -> None:
    """Write the event to ``path``, first under another name, so that no half file is ever seen.

    With a ``clock`` every round shows its time.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(suffix=".xlsx", prefix=f".{path.stem}-", dir=path.parent)
    os.close(handle)
    try:
        book, speaker = PlanBook(temporary, lang), EventSpeaker(plan, roster, lang, clock)
        _write_summary(book, speaker)
        for number in range(1, plan.event.settings.num_rounds + 1):
            _write_round(book, speaker, number)
        _write_people(book, speaker, is_mentor=False)
        _write_people(book, speaker, is_mentor=True)
        _write_ratings(book, speaker)
        book.close()
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise


def _write_summary(book: PlanBook, speaker: EventSpeaker) -> None:
    plan = speaker.plan
    event = plan.event
    note = text("no other timetable gives more: this is proved and can be re-checked")
    page = book.page(text("Summary"), title_of(event.settings), note)
    met = len(event.mentee_id) - len(plan.mentees_without), len(event.mentor_id) - len(plan.mentors_without)
    rows: list[tuple[Text, int | str, int | str]] = [
        (text("meetings, of all places at the tables"), len(plan.meetings), event.problem.num_places),
        (text("mentees who meet somebody"), met[0], len(event.mentee_id)),
        (text("mentors who meet somebody"), met[1], len(event.mentor_id)),
    ]
    for level in plan.result.levels:
        reached, bound = (figure(plan, level.name, number, book.lang) for number in (level.value, level.bound))
        rows.append((level_line(plan, level.name), reached, bound))
    columns = (
        PrintedColumn(heading=text("what"), width=64, look=Look.STRONG),
        PrintedColumn(heading=text("how many"), width=14),
        PrintedColumn(heading=text("of, at most"), width=14),
    )
    page.table(columns, [(book.say(what), str(number), str(most)) for what, number, most in rows], is_filtered=False)
    page.skip()
    for line in (*mentees_by_meetings(plan), *event.notes):
        page.paragraph(speaker.say(line), len(columns))
    for is_mentor, ids in ((False, plan.mentees_without), (True, plan.mentors_without)):
        if ids:
            page.section(text("Mentors who meet nobody") if is_mentor else text("Mentees who meet nobody"))
            for id_ in ids:
                why = speaker.say(without_reason(plan, id_, is_mentor=is_mentor))
                page.paragraph(f"{speaker.person(id_)}: {why}", len(columns))


def _write_round(book: PlanBook, speaker: EventSpeaker, number: int) -> None:
    held = [meeting for meeting in speaker.plan.meetings if meeting.round == number]
    title = " · ".join(part for part in (speaker.round(number), speaker.time(number)) if part)
    note = text_n("{count} meeting", "{count} meetings", count=len(held))
    page = book.page(text("Round {number}", number=number), title, note, colour=_GREEN)
    columns = (
        PrintedColumn(heading=text("table"), width=8, look=Look.NUMBER),
        PrintedColumn(heading=text("mentor"), width=30, look=Look.STRONG),
        PrintedColumn(heading=text("organisation of the mentor"), width=24),
        PrintedColumn(heading=text("mentee"), width=30, look=Look.STRONG),
        PrintedColumn(heading=text("organisation of the mentee"), width=24),
        PrintedColumn(heading=text("what to talk about"), width=40),
    )
    rows = [
        (
            m.table,
            speaker.person(m.mentor),
            speaker.organisation_of(m.mentor),
            speaker.person(m.mentee),
            speaker.organisation_of(m.mentee),
            speaker.topic(m.mentee, m.topic),
        )
        for m in held
    ]
    page.table(columns, rows, empty=text("Nobody meets in this round."))


def _write_people(book: PlanBook, speaker: EventSpeaker, *, is_mentor: bool) -> None:
    """Write a page of its own for everybody of one side: where to go when, and room for the rating."""
    plan = speaker.plan
    own: dict[str, list[Meeting]] = {}
    for meeting in plan.meetings:
        own.setdefault(meeting.mentor if is_mentor else meeting.mentee, []).append(meeting)
    name = text("Pages of mentors") if is_mentor else text("Pages of mentees")
    note = text("one page a person: print, hand out, collect the ratings")
    page = book.page(name, text("Where I go and when"), note, colour=_VIOLET)
    # A sheet fitted to the page would ignore the breaks after each person.
    page.sheet.set_print_scale(80)
    columns = _person_columns(is_mentor=is_mentor, has_clock=speaker.clock is not None)
    page.widths(columns)
    breaks: list[int] = []
    for id_ in sorted(own, key=lambda id_: (speaker.organisation_of(id_), speaker.person(id_), id_)):
        if breaks:
            page.skip()
        page.section(speaker.person(id_))
        page.write(0, speaker.organisation_of(id_), book.formats.note)
        rows = _person_rows(speaker, own[id_], is_mentor=is_mentor)
        page.table(columns, rows, is_main=False)
        _frame(page, len(rows), len(columns))
        breaks.append(page.row)
    page.sheet.set_h_pagebreaks(breaks[:-1])


def _person_columns(*, is_mentor: bool, has_clock: bool) -> tuple[PrintedColumn, ...]:
    time_columns = (PrintedColumn(heading=text("time"), width=13),) if has_clock else ()
    return (
        PrintedColumn(heading=text("round"), width=8, look=Look.NUMBER),
        *time_columns,
        PrintedColumn(heading=text("table"), width=8, look=Look.NUMBER),
        PrintedColumn(heading=text("mentee") if is_mentor else text("mentor"), width=28, look=Look.STRONG),
        PrintedColumn(heading=text("organisation"), width=24),
        PrintedColumn(heading=text("what to talk about"), width=32),
        PrintedColumn(heading=text("rating 0–10"), width=9),
        PrintedColumn(heading=text("would not work together"), width=12),
    )


def _person_rows(speaker: EventSpeaker, own: Sequence[Meeting], *, is_mentor: bool) -> list[tuple[Any, ...]]:
    at_round = {meeting.round: meeting for meeting in own}
    rows: list[tuple[Any, ...]] = []
    for number in range(1, speaker.plan.event.settings.num_rounds + 1):
        when = () if speaker.clock is None else (speaker.time(number),)
        meeting = at_round.get(number)
        if meeting is None:
            rows.append((number, *when, None, speaker.say(text("free")), "", "", "—", "—"))
            continue
        other = meeting.mentee if is_mentor else meeting.mentor
        topic = speaker.topic(meeting.mentee, meeting.topic)
        where = (meeting.table, speaker.person(other), speaker.organisation_of(other), topic)
        rows.append((number, *when, *where, "", ""))
    return rows


def _frame(page: Page, num_rows: int, num_columns: int) -> None:
    """Frame the two cells of every row in which a pen will write."""
    box = page.book.book.add_format({"border": 1})
    page.sheet.conditional_format(
        page.row - num_rows, num_columns - 2, page.row - 1, num_columns - 1, {"type": "blanks", "format": box}
    )


def _write_ratings(book: PlanBook, speaker: EventSpeaker) -> None:
    """Write the sheet for the ratings: its obligatory columns are headed as the wishes of a roster are."""
    note = text("fill in the yellow cells after the event; only the curator sees this sheet")
    page = book.page(RATINGS, text("What people thought of each other"), note, colour=_YELLOW)
    from_, to, score, veto = (column.heading(speaker.lang) for column in SHEET_BY_ID["wishes"].columns)
    columns = (
        PrintedColumn(heading=text("who rates"), width=32, look=Look.STRONG),
        PrintedColumn(heading=text("whom"), width=32, look=Look.STRONG),
        PrintedColumn(heading=text("round"), width=8, look=Look.NUMBER),
        PrintedColumn(heading=Text(score), width=12, look=Look.NUMBER),
        PrintedColumn(heading=Text(veto), width=12),
        id_column(Text(from_)),
        id_column(Text(to)),
    )
    directions = [
        (one, other, meeting.round)
        for meeting in speaker.plan.meetings
        for one, other in ((meeting.mentee, meeting.mentor), (meeting.mentor, meeting.mentee))
    ]
    directions.sort(key=lambda row: (speaker.person(row[0]), row[0], row[2]))
    rows = [
        (speaker.person(one), speaker.person(other), round_, None, None, one, other)
        for one, other, round_ in directions
    ]
    page.table(columns, rows, empty=text("Nobody meets."))
    if rows:
        _open_cells(page, speaker, page.row - len(rows), page.row - 1)


def _open_cells(page: Page, speaker: EventSpeaker, first: int, last: int) -> None:
    """Colour the cells to fill in and give them drop-downs."""
    shape = {"bg_color": _YELLOW, "border": 1, "border_color": "#BFBFBF", "align": "center", "valign": "top"}
    style = page.book.book.add_format(shape)
    for row in range(first, last + 1):
        for column in (3, 4):
            page.sheet.write_blank(row, column, None, style)
    words = {
        3: (_SCORES, text("From 0 (by no means) to 10 (very much)"), text("Choose a number from 0 to 10.")),
        4: (
            ["да", "нет"] if speaker.lang == "ru" else ["yes", "no"],
            text("Yes: they must not be paired"),
            text("Choose yes or no, or leave the cell empty."),
        ),
    }
    for column, (values, prompt, message) in words.items():
        rule = {"validate": "list", "source": values, "input_message": speaker.say(prompt)}
        rule |= {"error_title": speaker.say(text("Not in the list")), "error_message": speaker.say(message)}
        page.sheet.data_validation(first, column, last, column, rule)
