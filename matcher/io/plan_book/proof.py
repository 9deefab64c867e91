"""The sheets about the decision itself: summary, why so, how it was checked."""

from __future__ import annotations

from matcher.explain.findings import NextBest, PairReasons, PlanReport
from matcher.explain.level_titles import BELOW_ZERO, price_words, proof_words
from matcher.io.plan_book.meeting_figures import known_times, meeting_facts, write_meeting_figures
from matcher.io.plan_book.people import in_reading_order
from matcher.io.plan_book.sheet import Look, PlanBook, PrintedColumn
from matcher.io.sentences.effects import effect_line
from matcher.io.sentences.reasons import pair_lines, profile_line, proof_of_short_set, short_set_line
from matcher.io.sentences.verdicts import engine_words, status_words
from matcher.io.speaker import Speaker
from matcher.texts import Text, text

_DARK, _GREY = "#1F4E79", "#7F7F7F"
_MOST_SETS, _MOST_RECRUITS = 5, 5


def write_summary(book: PlanBook, speaker: Speaker, report: PlanReport) -> None:
    """Write what a head reads first: how many, who is short, what would help."""
    plan = speaker.plan
    regulation = plan.policy.title if speaker.lang == "ru" else plan.policy.title_en
    page = book.page(text("Summary"), text("Plan of the mentoring round"), regulation, colour=_DARK)
    columns = (
        PrintedColumn(heading=text("what"), width=70, look=Look.STRONG),
        PrintedColumn(heading=text("how many"), width=14, look=Look.NUMBER),
        PrintedColumn(heading=text("of"), width=14, look=Look.NUMBER),
        PrintedColumn(heading=text("share"), width=24, look=Look.SHARE),
    )
    page.table(columns, [_counted(speaker.say(w), n, of) for w, n, of in counts(speaker, report)], is_filtered=False)
    write_meeting_figures(page, speaker)
    if report.short_sets:
        page.section(text("Where mentors are short"))
        for found in report.short_sets[:_MOST_SETS]:
            line = f"{short_set_line(found, speaker)} ({speaker.say(proof_of_short_set(found))})"
            page.paragraph(line, len(columns))
    if report.recruits:
        page.section(text("What would help most"))
        for recruit in report.recruits[:_MOST_RECRUITS]:
            who = profile_line(recruit, speaker) if recruit.mentor is None else speaker.person(recruit.mentor)
            what = text("a new mentor") if recruit.mentor is None else text("one place more")
            page.paragraph(f"{speaker.say(what)}: {who} → {effect_line(recruit.effect, speaker)}", len(columns))
    page.section(text("Status"))
    page.paragraph(speaker.say(status_words(plan)), len(columns))
    for remark in plan.notes:
        page.paragraph(speaker.say(remark), len(columns))
    for conflict in plan.conflicts:
        who = f"{speaker.person(conflict.mentor)} – {speaker.person(conflict.mentee)}"
        open_matter = text("for the council to settle: {who}: {what}", who=who, what=conflict.message)
        page.paragraph(speaker.say(open_matter), len(columns))


def counts(speaker: Speaker, report: PlanReport) -> list[tuple[Text, int, int | None]]:
    """Return the figures of the summary: what, how many, of how many."""
    plan = speaker.plan
    served = len({pair.mentee for pair in plan.pairs})
    wanted = sum(len(m.requests) for m in plan.roster.mentees)
    covered = len({(p.mentee, name) for p in plan.pairs for name in p.covers if name.startswith("request:")})
    busy = len({pair.mentor for pair in plan.pairs})
    inside = sum(found.served_inside for found in report.organisations)
    return [
        (text("mentees with a mentor"), served, len(plan.roster.mentees)),
        (text("of them with a mentor of their own organisation"), inside, served),
        (text("mentees without a mentor"), len(plan.unmatched), len(plan.roster.mentees)),
        (text("requests covered"), covered, wanted),
        (text("mentors with a pair or a group"), busy, len(plan.roster.mentors)),
        (text("individual pairs"), sum(pair.group is None for pair in plan.pairs), None),
        (text("groups"), len(plan.groups), None),
        (text("mentees in groups"), len({pair.mentee for pair in plan.pairs if pair.group is not None}), None),
    ]


def _counted(what: str, number: int, of: int | None) -> tuple[str | int | float | None, ...]:
    return what, number, of, None if not of else number / of


def write_why(book: PlanBook, speaker: Speaker, report: PlanReport) -> None:
    """Write the levels of the decision, then the reasons of every pair."""
    page = book.page(
        text("Why so"),
        text("Why the plan is as it is"),
        text("An earlier line is never given up for a later one."),
        colour=_DARK,
    )
    columns = (
        PrintedColumn(heading=text("mentee"), width=30, look=Look.STRONG),
        PrintedColumn(heading=text("mentor"), width=30, look=Look.STRONG),
        PrintedColumn(heading=text("why this pair"), width=80),
        PrintedColumn(heading=text("who else might suit the mentee"), width=32),
        PrintedColumn(heading=text("whom else the mentor might take"), width=32),
    )
    page.widths(columns)
    page.table(_LEVEL_COLUMNS, _level_rows(speaker), is_main=False)
    if any(level.value < 0 for level in speaker.plan.levels):
        page.write(0, BELOW_ZERO, book.formats.note)
    page.section(text("Reasons of every pair"))
    rows = [_why_row(pair, speaker) for pair in in_reading_order(report.pairs, speaker)]
    page.table(columns, rows, is_frozen=False)


_LEVEL_COLUMNS = (
    PrintedColumn(heading=text("what counts, in this order"), width=30, look=Look.STRONG),
    PrintedColumn(heading=text("reached · at most"), width=30),
    PrintedColumn(heading=text("how far it is proved"), width=80),
)


def _level_rows(speaker: Speaker) -> list[tuple[str, ...]]:
    return [
        (
            f"{number}. {speaker.level(level.name)}",
            f"{level.value} · {level.bound}".replace("-", "−"),
            speaker.listed([words for words in (proof_words(level), price_words(level)) if words is not None]),
        )
        for number, level in enumerate(speaker.plan.levels, start=1)
    ]


def _why_row(reasons: PairReasons, speaker: Speaker) -> tuple[str, ...]:
    return (
        speaker.person(reasons.mentee),
        speaker.person(reasons.mentor),
        "\n".join(pair_lines(reasons, speaker)),
        _next(reasons.next_for_mentee, speaker, is_mentor=True),
        _next(reasons.next_for_mentor, speaker, is_mentor=False),
    )


def _next(found: NextBest | None, speaker: Speaker, *, is_mentor: bool) -> str:
    if found is None:
        return speaker.say(text("nobody else"))
    return speaker.person(found.mentor if is_mentor else found.mentee)


def write_check(book: PlanBook, speaker: Speaker) -> None:
    """Write the status, what is proved, and how to check again."""
    plan = speaker.plan
    page = book.page(text("Check"), text("How the plan was checked"), colour=_GREY)
    columns = (
        PrintedColumn(heading=text("what"), width=40, look=Look.STRONG),
        PrintedColumn(heading=text("answer"), width=110),
    )
    regulation = plan.policy.title if speaker.lang == "ru" else plan.policy.title_en
    proved = sum(level.proof is not None for level in plan.levels)
    facts: list[tuple[Text, Text | str]] = [
        (text("regulation"), f"{regulation} ({plan.policy.id}, {plan.policy.version})"),
        (text("experience and age are counted on"), f"{plan.reference_day:%d.%m.%Y}"),
        (text("free times of people"), known_times(plan)),
        (text("status"), status_words(plan)),
        (text("levels proved"), text("{proved} of {all}", proved=proved, all=len(plan.levels))),
        *meeting_facts(plan),
        (text("way of solving"), engine_words(plan.engine)),
        (text("time taken, seconds"), f"{plan.seconds:.1f}"),
        (
            text("how to check again"),
            text(
                "matcher verify plan.json – counts the plan anew by rules written apart from the solver, and its"
                " bounds from the prices kept in the file"
            ),
        ),
        (
            text("what is not in this print"),
            text("wishes, refusals and the marks of psychologist and questionnaires: the curator alone sees them"),
        ),
    ]
    page.table(columns, [(speaker.say(what), speaker.say(answer)) for what, answer in facts], is_filtered=False)
