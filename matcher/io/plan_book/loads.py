"""The sheets about load: mentors, organisations, whom to recruit."""

from __future__ import annotations

from matcher.explain.findings import PlanReport, Recruit
from matcher.io.plan_book.sheet import Look, PlanBook, PrintedColumn, id_column
from matcher.io.sentences.effects import effect_line
from matcher.io.sentences.reasons import profile_line
from matcher.io.speaker import Speaker
from matcher.texts import text

_BLUE, _ORANGE = "#2E75B6", "#ED7D31"


def write_loads(book: PlanBook, speaker: Speaker, report: PlanReport) -> None:
    """Write the load of every mentor, the fullest first."""
    title = text("Load of mentors")
    page = book.page(
        text("Load"), title, text("Hours are hours a week; the bar is the share of the limit."), colour=_BLUE
    )
    columns = (
        PrintedColumn(heading=text("mentor"), width=30, look=Look.STRONG),
        PrintedColumn(heading=text("organisation of the mentor"), width=28),
        PrintedColumn(heading=text("pairs"), width=8, look=Look.NUMBER),
        PrintedColumn(heading=text("pairs at most"), width=8, look=Look.NUMBER),
        PrintedColumn(heading=text("groups"), width=8, look=Look.NUMBER),
        PrintedColumn(heading=text("groups at most"), width=8, look=Look.NUMBER),
        PrintedColumn(heading=text("mentees in groups"), width=13, look=Look.NUMBER),
        PrintedColumn(heading=text("hours"), width=9, look=Look.HOURS),
        PrintedColumn(heading=text("hours at most"), width=9, look=Look.HOURS),
        PrintedColumn(heading=text("load"), width=18, look=Look.SHARE),
        PrintedColumn(heading=text("might take"), width=10, look=Look.NUMBER),
        PrintedColumn(heading=text("remarks"), width=30),
        id_column(),
    )
    ordered = sorted(report.loads, key=lambda m: (-_share(m.minutes, m.max_minutes), speaker.person(m.mentor)))
    rows = [
        (
            speaker.person(load.mentor),
            speaker.organisation(load.organisation),
            load.pairs,
            load.max_pairs,
            load.groups,
            load.max_groups,
            load.seats,
            load.minutes / 240,
            load.max_minutes / 240,
            _share(load.minutes, load.max_minutes),
            load.num_candidates,
            speaker.say(text("risk of overload: much teaching and mentoring")) if load.is_overload_risk else "",
            load.mentor,
        )
        for load in ordered
    ]
    page.table(columns, rows, empty=text("There are no mentors."))


def _share(part: int, whole: int) -> float:
    return 0.0 if whole <= 0 else part / whole


def write_organisations(book: PlanBook, speaker: Speaker, report: PlanReport) -> None:
    """Write the balance of every organisation."""
    page = book.page(text("By organisation"), text("Balance of organisations"), colour=_BLUE)
    columns = (
        PrintedColumn(heading=text("organisation"), width=36, look=Look.STRONG),
        PrintedColumn(heading=text("municipality"), width=24),
        PrintedColumn(heading=text("mentors"), width=11, look=Look.NUMBER),
        PrintedColumn(heading=text("their places"), width=11, look=Look.NUMBER),
        PrintedColumn(heading=text("their pairs"), width=11, look=Look.NUMBER),
        PrintedColumn(heading=text("of them outside"), width=11, look=Look.NUMBER),
        PrintedColumn(heading=text("mentees"), width=12, look=Look.NUMBER),
        PrintedColumn(heading=text("with a mentor"), width=11, look=Look.NUMBER),
        PrintedColumn(heading=text("of them inside"), width=11, look=Look.NUMBER),
        PrintedColumn(heading=text("without"), width=10, look=Look.NUMBER),
        PrintedColumn(heading=text("share with a mentor"), width=18, look=Look.SHARE),
        id_column(),
    )
    rows = [
        (
            speaker.organisation(found.organisation),
            _municipality(found.organisation, speaker),
            found.mentors,
            found.places,
            found.pairs_given,
            found.guests,
            found.mentees,
            found.served,
            found.served_inside,
            found.mentees - found.served,
            None if not found.mentees else found.served / found.mentees,
            found.organisation,
        )
        for found in sorted(report.organisations, key=lambda o: speaker.organisation(o.organisation))
    ]
    page.table(columns, rows, empty=text("There are no organisations."))


def _municipality(organisation: str, speaker: Speaker) -> str:
    found = speaker.organisations.get(organisation)
    return "" if found is None else found.municipality


def write_recruits(book: PlanBook, speaker: Speaker, report: PlanReport) -> None:
    """Write whom to ask for another place, and whom to look for, with what each would bring."""
    note = text("Every line was tried: the effect is that of a valid plan with this one change.")
    page = book.page(text("Whom to recruit"), text("Whom to recruit first"), note, colour=_ORANGE)
    columns = (
        PrintedColumn(heading=text("No."), width=5, look=Look.NUMBER),
        PrintedColumn(heading=text("what"), width=24, look=Look.STRONG),
        PrintedColumn(heading=text("who"), width=44),
        PrintedColumn(heading=text("mentees served"), width=11, look=Look.NUMBER),
        PrintedColumn(heading=text("what it brings"), width=80),
    )
    rows = [_recruit_row(number, recruit, speaker) for number, recruit in enumerate(report.recruits, start=1)]
    page.table(columns, rows, empty=text("One place more, with whomever, would help nobody."))


def _recruit_row(number: int, recruit: Recruit, speaker: Speaker) -> tuple[str | int, ...]:
    if recruit.mentor is not None:
        what, who = (
            text("one place more"),
            f"{speaker.person(recruit.mentor)} ({speaker.organisation_of(recruit.mentor)})",
        )
    else:
        what, who = text("a new mentor"), profile_line(recruit, speaker)
    return number, speaker.say(what), who, len(recruit.effect.newly_served), effect_line(recruit.effect, speaker)
