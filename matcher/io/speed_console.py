"""What the command prints about a speed event."""

from __future__ import annotations

from collections.abc import Sequence

from matcher.io.console.paper import Paper
from matcher.io.speed_words import EventSpeaker, figure, level_line, mentees_by_meetings, title_of, without_reason
from matcher.outcome import Proof, Violation
from matcher.roster import Roster
from matcher.speed.plan import SpeedPlan
from matcher.texts import Lang, Text, say, text, text_n

_MOST_NAMES = 10


def print_speed(plan: SpeedPlan, roster: Roster, lang: Lang) -> None:
    """Print how many meet, what is proved, and who meets nobody."""
    paper, speaker = Paper(lang), EventSpeaker(plan, roster, lang)
    event, problem = plan.event, plan.event.problem
    paper.title(title_of(event.settings))
    held = len(plan.meetings)
    paper.line(
        text_n(
            "{count} meeting at {places} places of the tables",
            "{count} meetings at {places} places of the tables",
            count=held,
            places=problem.num_places,
        ),
        "bold green" if held else "bold red",
    )
    if not held:
        paper.line(_why_nothing(plan), "red")
    print_levels(plan, paper)
    for line in mentees_by_meetings(plan):
        paper.line(line)
    for note in event.notes:
        paper.line(note, "yellow")
    for is_mentor, ids in ((False, plan.mentees_without), (True, plan.mentors_without)):
        if ids:
            paper.title(text("Mentors who meet nobody") if is_mentor else text("Mentees who meet nobody"))
            for id_ in ids[:_MOST_NAMES]:
                why = paper.say(without_reason(plan, id_, is_mentor=is_mentor))
                paper.line(f"• {speaker.person(id_)}: {why}")
            if len(ids) > _MOST_NAMES:
                paper.line(text_n("and {count} more", "and {count} more", count=len(ids) - _MOST_NAMES))


def _why_nothing(plan: SpeedPlan) -> Text:
    if plan.event.settings.candidates is None and not plan.event.settings.fill:
        return text("nobody has said whom to meet: fill in the wishes, or add --fill")
    return text("there is no pair that may meet")


def print_levels(plan: SpeedPlan, paper: Paper) -> None:
    """Print the levels: what counts, reached, no more than, proved how."""
    paper.table(
        (text("what counts"), text("reached"), text("at most"), text("proved by")),
        (
            (
                level_line(plan, level.name),
                figure(plan, level.name, level.value, paper.lang),
                figure(plan, level.name, level.bound, paper.lang),
                text("prices: anyone can re-check") if level.proof is Proof.CERTIFICATE else text("not proved"),
            )
            for level in plan.result.levels
        ),
        justify=("left", "right", "right", "left"),
        styles=("", "bold"),
    )


def print_recheck(plan: SpeedPlan, found: Sequence[Violation], lang: Lang) -> None:
    """Print what the judge found in a speed file."""
    paper = Paper(lang)
    if not found:
        paper.line(text("The event keeps every rule; values and bounds are as it states them."), "bold green")
    else:
        broken = text_n(
            "{count} thing is wrong with this event:", "{count} things are wrong with this event:", count=len(found)
        )
        paper.line(broken, "bold red")
        paper.table(
            (text("whom it concerns"), text("what is wrong")),
            ((_subjects(plan, violation, lang), violation.message) for violation in found),
            styles=("", "red"),
        )
    print_levels(plan, paper)


def _subjects(plan: SpeedPlan, violation: Violation, lang: Lang) -> str:
    """Return whom a broken rule concerns: people by code, levels by title; rounds and tables count from 1."""
    event, schedule = plan.event, plan.result.schedule
    numbers = [subject for subject in violation.subjects if isinstance(subject, int)]
    if violation.rule == "twice":
        return f"{event.mentor_id[numbers[0]]}, {event.mentee_id[numbers[1]]}"
    if violation.rule == "form" and numbers:
        pair = int(schedule.pair[numbers[0]])
        return f"{event.mentor_id[event.problem.mentor[pair]]}, {event.mentee_id[event.problem.mentee[pair]]}"
    if violation.rule in ("clash", "most"):
        people = event.mentor_id if "mentor" in violation.message.msgid else event.mentee_id
        return ", ".join([people[numbers[0]], *(str(number + 1) for number in numbers[1:])])
    names = [say(level_line(plan, subject), lang) for subject in violation.subjects if isinstance(subject, str)]
    return ", ".join([*names, *(str(number + 1) for number in numbers)])
