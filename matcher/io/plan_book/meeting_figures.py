"""What the summary and the check sheet say of meetings: how many, how far proved, on whose known times."""

from __future__ import annotations

from matcher.io.plan_book.sheet import Cell, Look, Page, PrintedColumn
from matcher.io.sentences.schedule import level_words, proof_of_level
from matcher.io.sentences.sessions import SessionWords
from matcher.io.sentences.verdicts import schedule_words
from matcher.io.speaker import Speaker
from matcher.plan import Plan
from matcher.sessions.schedule import ActivityPurpose, Schedule, SessionState
from matcher.texts import Text, text

_LEVELS = (
    PrintedColumn(heading=text("what counts, in this order"), width=70, look=Look.STRONG),
    PrintedColumn(heading=text("reached"), width=14, look=Look.NUMBER),
    PrintedColumn(heading=text("bound"), width=14, look=Look.NUMBER),
    PrintedColumn(heading=text("proof"), width=24),
)


def meeting_counts(schedule: Schedule) -> list[tuple[Text, int, int | None]]:
    """Return the figures of a schedule: what, how many, of how many."""
    planned = {a.id: a for a in schedule.activities if a.purpose is not ActivityPurpose.RESERVE}
    live = [s for s in schedule.sessions if s.state is not SessionState.CANCELLED and s.activity in planned]
    visits = {id_ for id_, a in planned.items() if a.purpose is ActivityPurpose.LESSON_VISIT}
    wanted = sum(a.wanted for a in planned.values())
    wanted_visits = sum(planned[id_].wanted for id_ in visits)
    placed_visits = sum(s.activity in visits for s in live)
    found: list[tuple[Text, int, int | None]] = [
        (text("meetings placed"), len(live) - placed_visits, wanted - wanted_visits)
    ]
    if visits:
        found.append((text("lesson visits placed"), placed_visits, wanted_visits))
    short = {one.activity for one in schedule.unplaced if one.numbers}
    left_out = sum(len(one.numbers) for one in schedule.unplaced)
    return [
        *found,
        (text("meetings and visits left without a place"), left_out, wanted),
        (text("series of meetings and visits that all have a place"), len(planned) - len(short), len(planned)),
    ]


def write_meeting_figures(page: Page, speaker: Speaker) -> None:
    """Write the part of the summary about meetings; nothing where none are planned."""
    schedule = speaker.plan.schedule
    if schedule is None:
        return
    page.section(text("Schedule of meetings, {term}", term=term_words(schedule)))
    counts = (
        PrintedColumn(heading=text("what"), width=70, look=Look.STRONG),
        PrintedColumn(heading=text("how many"), width=14, look=Look.NUMBER),
        PrintedColumn(heading=text("of"), width=14, look=Look.NUMBER),
    )
    rows: list[tuple[Cell, ...]] = [(speaker.say(what), number, of) for what, number, of in meeting_counts(schedule)]
    page.table(counts, rows, is_main=False)
    page.skip()
    levels: list[tuple[Cell, ...]] = [
        (
            speaker.say(level_words(found.name)),
            found.value,
            found.bound,
            speaker.say(proof_of_level(found, speaker.lang)),
        )
        for found in schedule.levels
    ]
    page.table(_LEVELS, levels, is_main=False)
    words = SessionWords(speaker)
    for note in schedule.notes:
        page.paragraph(words.told(note), len(_LEVELS))


def meeting_facts(plan: Plan) -> list[tuple[Text, Text | str]]:
    """Return the lines of the check sheet about meetings."""
    schedule = plan.schedule
    if schedule is None:
        return []
    proved = schedule_words(schedule)
    facts: list[tuple[Text, Text | str]] = [(text("days of meetings"), term_words(schedule))]
    return facts if proved is None else [*facts, (text("meetings"), proved)]


def term_words(schedule: Schedule) -> str:
    """Return the first and last day of a schedule."""
    return f"{schedule.first_day:%d.%m.%Y} – {schedule.last_day:%d.%m.%Y}"


def known_times(plan: Plan) -> Text:
    """Say of how many mentors and mentees the week is known."""
    members = {m.person for m in plan.roster.mentors} | {m.person for m in plan.roster.mentees}
    known: tuple[str, ...] = ()
    if plan.timetables is not None:
        known = plan.timetables.known
    elif plan.busy is not None:
        known = plan.busy.person_id
    unknown = members.difference(known)
    if unknown == members:
        return text("not known: times are agreed later") if plan.schedule is None else text("not known of anybody")
    if not unknown:
        return text("known")
    return text(
        "known, but not of {count} of {all} mentors and mentees: agree with them on their meetings",
        count=len(unknown),
        all=len(members),
    )
