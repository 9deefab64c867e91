"""The summary of a schedule on the console."""

from __future__ import annotations

from collections import Counter

from matcher.io.console.paper import Paper
from matcher.io.sentences.schedule import level_words, proof_of_level, share_of
from matcher.io.sentences.sessions import SessionWords
from matcher.io.sentences.verdicts import schedule_words
from matcher.io.speaker import Speaker
from matcher.plan import Plan
from matcher.sessions.schedule import ActivityPurpose, Schedule, ScheduleLevel, SessionState, Unplaced
from matcher.texts import Lang, Text, text, text_n

_MOST_UNPLACED, _MOST_PRICES = 8, 5


def print_schedule(plan: Plan, lang: Lang) -> None:
    """Print what was planned: sessions by kind, levels with bound and gap, what has no place and what would help."""
    schedule = plan.schedule
    if schedule is None:
        return
    paper, speaker = Paper(lang), Speaker(plan, lang)
    term = f"{schedule.first_day:%d.%m.%Y} – {schedule.last_day:%d.%m.%Y}"
    paper.title(text("Schedule of meetings, {term}", term=term))
    _kinds(schedule, paper, speaker)
    proved = schedule_words(schedule)
    if proved is not None:
        paper.line(proved)
    paper.table(
        (text("what counts"), text("reached"), text("bound"), text("gap"), text("proof")),
        (
            (
                level_words(level.name),
                str(level.value),
                "—" if level.bound is None else str(level.bound),
                _gap(level, lang),
                proof_of_level(level, lang),
            )
            for level in schedule.levels
        ),
        justify=("left", "right", "right", "right", "left"),
        styles=("", "bold"),
    )
    _unplaced(schedule, paper, speaker)
    _prices(schedule, paper, speaker)
    words = SessionWords(speaker)
    for note in schedule.notes:
        paper.line(words.told(note), "yellow")


def _gap(level: ScheduleLevel, lang: Lang) -> str:
    return "—" if level.gap is None else share_of(level.gap, lang)


def _kinds(schedule: Schedule, paper: Paper, speaker: Speaker) -> None:
    wanted: Counter[str] = Counter()
    activities: Counter[str] = Counter()
    placed: Counter[str] = Counter()
    name_of = {}
    for activity in schedule.activities:
        is_visit = activity.purpose is ActivityPurpose.LESSON_VISIT
        name = speaker.say(text("lesson visits")) if is_visit else speaker.word("kind", activity.kind)
        name_of[activity.id] = name
        activities[name] += 1
        wanted[name] += 0 if activity.purpose is ActivityPurpose.RESERVE else activity.wanted
    for session in schedule.sessions:
        if session.state is not SessionState.CANCELLED:
            placed[name_of[session.activity]] += 1
    rows = [(name, str(count), str(placed[name]), str(wanted[name])) for name, count in sorted(activities.items())]
    sums = [str(sum(counter.values())) for counter in (activities, placed, wanted)]
    rows.append((speaker.say(text("all together")), sums[0], sums[1], sums[2]))
    paper.table(
        (text("kind"), text("pairs and groups"), text("meetings placed"), text("wanted")),
        rows,
        justify=("left", "right", "right", "right"),
        styles=("", "", "bold"),
    )


def _unplaced(schedule: Schedule, paper: Paper, speaker: Speaker) -> None:
    if not schedule.unplaced:
        return
    words = SessionWords(speaker)
    activities = {activity.id: activity for activity in schedule.activities}
    paper.title(text("Meetings without a place"))
    for found in schedule.unplaced[:_MOST_UNPLACED]:
        for line in unplaced_lines(found, words.label(activities[found.activity]), words):
            paper.line(line, "red" if line.startswith("•") else "cyan")
    rest = len(schedule.unplaced) - _MOST_UNPLACED
    if rest > 0:
        paper.line(text_n("and {count} more", "and {count} more", count=rest))


def unplaced_lines(found: Unplaced, who: str, words: SessionWords) -> list[str]:
    """Return what cannot be placed, why, and what would place it."""
    count = text_n("{count} meeting has no place", "{count} meetings have no place", count=len(found.numbers))
    speaker, reasons = words.speaker, "; ".join(words.told(reason) for reason in found.reasons)
    lines = [f"• {who}: {speaker.say(count)}" + (f" – {reasons}" if reasons else "")]
    lines += [
        f"    → {words.told(concession.message)}: "
        f"{speaker.say(text_n('{count} meeting more', '{count} meetings more', count=concession.gain))}"
        for concession in found.concessions
    ]
    return lines


def _prices(schedule: Schedule, paper: Paper, speaker: Speaker) -> None:
    priced = [(name, price) for name, price in schedule.prices if price > 0][:_MOST_PRICES]
    words = SessionWords(speaker)
    if priced:
        paper.title(text("What one more room or licence would place at most"))
        for name, price in priced:
            line: Text = text("{name}: {price} meetings", name=words.pool(name), price=f"{price:.1f}")
            paper.line(line, "cyan")
