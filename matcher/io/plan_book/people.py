"""The sheets about people: pairs, groups, those without a mentor."""

from __future__ import annotations

from matcher.explain.findings import NobodyReasons, PairReasons, PlanReport
from matcher.io.plan_book.sheet import Look, PlanBook, PrintedColumn, id_column
from matcher.io.sentences.reasons import cure_line, no_cure, nobody_line, refused_line
from matcher.io.speaker import Speaker
from matcher.plan import PlannedGroup
from matcher.texts import text, text_n

_GREEN, _RED, _VIOLET = "#548235", "#C00000", "#7030A0"
_MOST_REFUSED, _MOST_CURES = 4, 3


def write_pairs(book: PlanBook, speaker: Speaker, report: PlanReport) -> None:
    """Write every mentee with every mentor, by organisation and name."""
    title = text("Mentors and mentees")
    note = text_n("{count} pair, groups included", "{count} pairs, groups included", count=len(report.pairs))
    page = book.page(text("Pairs"), title, note, colour=_GREEN)
    columns = (
        PrintedColumn(heading=text("No."), width=5, look=Look.NUMBER),
        PrintedColumn(heading=text("mentee"), width=23, look=Look.STRONG),
        PrintedColumn(heading=text("organisation of the mentee"), width=15),
        PrintedColumn(heading=text("mentor"), width=23, look=Look.STRONG),
        PrintedColumn(heading=text("organisation of the mentor"), width=15),
        PrintedColumn(heading=text("form"), width=14),
        PrintedColumn(heading=text("kind"), width=15),
        PrintedColumn(heading=text("works on"), width=36),
        PrintedColumn(heading=text("hours a week"), width=7, look=Look.HOURS),
        PrintedColumn(heading=text("fit"), width=12, look=Look.SHARE),
        PrintedColumn(heading=text("remarks"), width=24),
        id_column(text("code of the mentee")),
        id_column(text("code of the mentor")),
    )
    minutes = {(pair.mentor, pair.mentee): pair.minutes for pair in speaker.plan.pairs}
    rows = [
        (
            number,
            speaker.person(pair.mentee),
            speaker.organisation_of(pair.mentee),
            speaker.person(pair.mentor),
            speaker.organisation_of(pair.mentor),
            speaker.word("form", pair.form),
            _kind(pair, speaker),
            speaker.needs(pair.mentee, pair.covers),
            minutes[pair.mentor, pair.mentee] / 240,
            pair.fit / 100,
            _remarks(pair, speaker),
            pair.mentee,
            pair.mentor,
        )
        for number, pair in enumerate(in_reading_order(report.pairs, speaker), start=1)
    ]
    page.table(columns, rows, empty=text("There are no pairs."))


def in_reading_order(pairs: tuple[PairReasons, ...], speaker: Speaker) -> list[PairReasons]:
    """Return the pairs by organisation and name of the mentee."""
    return sorted(
        pairs, key=lambda p: (speaker.organisation_of(p.mentee), speaker.person(p.mentee), p.mentee, p.mentor)
    )


def _kind(pair: PairReasons, speaker: Speaker) -> str:
    kind = speaker.word("kind", pair.kind)
    if pair.group is not None:
        return speaker.say(text("group {group}", group=pair.group))
    return kind


def _remarks(pair: PairReasons, speaker: Speaker) -> str:
    fixed = [text("fixed earlier")] if pair.locked else []
    return speaker.listed([*fixed, *pair.warnings], "\n")


def write_groups(book: PlanBook, speaker: Speaker) -> None:
    """Write every group: mentor, theme, time, members."""
    groups = speaker.plan.groups
    note = text_n("{count} group", "{count} groups", count=len(groups))
    page = book.page(text("Groups"), text("Mentoring groups"), note, colour=_GREEN)
    columns = (
        PrintedColumn(heading=text("group"), width=10, look=Look.STRONG),
        PrintedColumn(heading=text("mentor"), width=30, look=Look.STRONG),
        PrintedColumn(heading=text("organisation of the mentor"), width=24),
        PrintedColumn(heading=text("theme"), width=34),
        PrintedColumn(heading=text("weekly time"), width=20),
        PrintedColumn(heading=text("hours a week"), width=9, look=Look.HOURS),
        PrintedColumn(heading=text("members"), width=10, look=Look.NUMBER),
        PrintedColumn(heading=text("who takes part"), width=60),
    )
    rows = [_group_row(group, speaker) for group in groups]
    page.table(columns, rows, empty=text("No group was opened."))


def _group_row(group: PlannedGroup, speaker: Speaker) -> tuple[str | int | float, ...]:
    members = "\n".join(f"{speaker.person(m)} ({speaker.organisation_of(m)})" for m in group.members)
    return (
        group.id,
        speaker.person(group.mentor),
        speaker.organisation_of(group.mentor),
        theme(group, speaker),
        weekly_time(group, speaker),
        group.minutes / 240,
        len(group.members),
        members,
    )


def theme(group: PlannedGroup, speaker: Speaker) -> str:
    """Return what a group works on."""
    topic = speaker.word("topic", group.topic)
    return topic if group.subject is None else f"{topic}: {speaker.subject(group.subject)}"


def weekly_time(group: PlannedGroup, speaker: Speaker) -> str:
    """Return the weekly slot of a group, or that it has still to be agreed."""
    busy = speaker.plan.busy
    if group.slot is None or busy is None:
        return speaker.say(text("to be agreed"))
    slot = busy.grid.slots[group.slot]
    day = speaker.word("weekday", str(slot.weekday))
    hours = f"{slot.start:%H:%M}–{slot.end:%H:%M}"
    if busy.grid.num_weeks == 1:
        return f"{day}, {hours}"
    return speaker.say(text("{day}, {hours}, week {week}", day=day, hours=hours, week="AB"[slot.week]))


def write_nobody(book: PlanBook, speaker: Speaker, report: PlanReport) -> None:
    """Write everybody without a mentor: why, whom the rules refuse, what would help."""
    count = len(report.nobody) + len(report.unexplained)
    note = text_n("{count} person has no mentor yet", "{count} people have no mentor yet", count=count)
    if report.unexplained:
        rest = len(report.unexplained)
        note = text(
            "{note}; {rest} of them are not explained here, ask with matcher explain --mentee", note=note, rest=rest
        )
    elif not count:
        note = text("Everybody has a mentor.")
    page = book.page(text("Without a mentor"), text("Who has no mentor, why, and what would help"), note, colour=_RED)
    columns = (
        PrintedColumn(heading=text("No."), width=5, look=Look.NUMBER),
        PrintedColumn(heading=text("mentee"), width=25, look=Look.STRONG),
        PrintedColumn(heading=text("organisation of the mentee"), width=15),
        PrintedColumn(heading=text("asks for"), width=28),
        PrintedColumn(heading=text("why nobody"), width=45),
        PrintedColumn(heading=text("whom the rules refuse"), width=45),
        PrintedColumn(heading=text("what would help (checked)"), width=55),
        id_column(),
    )
    rows = [
        _nobody_row(number, reasons, speaker)
        for number, reasons in enumerate(sorted(report.nobody, key=lambda r: _place(r, speaker)), start=1)
    ]
    page.table(columns, rows, empty=text("Everybody has a mentor."))


def _place(reasons: NobodyReasons, speaker: Speaker) -> tuple[str, str]:
    return speaker.organisation_of(reasons.mentee), speaker.person(reasons.mentee)


def _nobody_row(number: int, reasons: NobodyReasons, speaker: Speaker) -> tuple[str | int, ...]:
    refused = [refused_line(group, speaker) for group in reasons.refused[:_MOST_REFUSED]]
    cures = [f"{at}) {cure_line(cure, speaker)}" for at, cure in enumerate(reasons.cures[:_MOST_CURES], start=1)]
    if not cures:
        cures = [speaker.say(no_cure(reasons))]
    return (
        number,
        speaker.person(reasons.mentee),
        speaker.organisation_of(reasons.mentee),
        asks_for(reasons.mentee, speaker),
        nobody_line(reasons, speaker),
        "\n".join(refused),
        "\n".join(cures),
        reasons.mentee,
    )


def asks_for(mentee: str, speaker: Speaker) -> str:
    """Return the requests and gaps of a mentee, the urgent ones first."""
    row = speaker.mentees[mentee]
    order = sorted(range(len(row.requests)), key=lambda at: (row.requests[at].priority, at))
    names = [f"request:{at}" for at in order] + [f"deficit:{d.competence}" for d in row.deficits if d.gap]
    return speaker.needs(mentee, names)
