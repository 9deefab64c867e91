"""Answers about one session on the console: why then, what else, what stands against other times."""

from __future__ import annotations

from collections.abc import Sequence

from matcher.impossible.session_reasons import BlockedTime, OtherTime, SessionReasons
from matcher.io.console.paper import Paper
from matcher.io.console.schedule import unplaced_lines
from matcher.io.sentences.sessions import SessionWords, clock, weekday
from matcher.io.speaker import Speaker
from matcher.plan import Plan
from matcher.roster import SessionMode
from matcher.sessions.schedule import Activity
from matcher.texts import Lang, text


def print_session(plan: Plan, found: SessionReasons, lang: Lang) -> None:
    """Print why a session is when it is, or why it has no place, and its other times."""
    paper, speaker = Paper(lang), Speaker(plan, lang)
    words = SessionWords(speaker)
    assert plan.schedule is not None
    activity = next(one for one in plan.schedule.activities if one.id == found.activity)
    if found.session is None:
        _missing(found, activity, paper, speaker, words)
    else:
        session = found.session
        paper.title(f"{words.who(activity)}: {words.what(activity, session)}")
        paper.line(", ".join(part for part in (words.when(session), words.where(session)) if part), "bold green")
        for reason in found.why:
            paper.line(f"• {words.told(reason)}")
    told = {"free": found.num_free, "times": found.num_times}
    paper.line(text("of {times} times looked at in its days {free} are free for all", **told))
    if found.next_best is not None:
        paper.line(_next_best(found.next_best, speaker, words), "cyan")
    paper.title(text("Times in its days"))
    paper.table(
        (text("day"), text("hours"), text("dates"), text("what stands against it")),
        (_row(times, words) for times in merged(found.times, speaker)),
    )


def _missing(found: SessionReasons, activity: Activity, paper: Paper, speaker: Speaker, words: SessionWords) -> None:
    told = {"number": found.number, "wanted": activity.wanted}
    paper.title(f"{words.who(activity)}: {speaker.say(text('meeting {number} of {wanted} has no place', **told))}")
    if found.unplaced is not None:
        for line in unplaced_lines(found.unplaced, words.who(activity), words):
            paper.line(line, "red" if line.startswith("•") else "cyan")


def _next_best(other: OtherTime, speaker: Speaker, words: SessionWords) -> str:
    hours = f"{clock(other.start_minute)}–{clock(other.end_minute)}"
    where = speaker.say(text("online")) if other.mode is SessionMode.ONLINE else words.site(other.site)
    when = ", ".join(part for part in (f"{speaker.say(weekday(other.day))} {other.day:%d.%m.%Y}", hours, where) if part)
    return speaker.say(
        text("the next best time: {when}; it would cost: {costs}", when=when, costs=speaker.listed(other.costs))
    )


def merged(times: Sequence[BlockedTime], speaker: Speaker) -> list[list[BlockedTime]]:
    """Return times that follow each other on the same days, with the same against them, together."""
    found: list[list[BlockedTime]] = []
    ordered = sorted(times, key=lambda time: (time.weekday, time.days, time.start_minute))
    for time in ordered:
        last = found[-1][-1] if found else None
        is_same = last is not None and (last.weekday, last.days) == (time.weekday, time.days)
        if is_same and last is not None and speaker.listed(last.blocks) == speaker.listed(time.blocks):
            found[-1].append(time)
        else:
            found.append([time])
    return found


def _row(times: Sequence[BlockedTime], words: SessionWords) -> tuple[str, str, str, str]:
    first, last = times[0], times[-1]
    dates = ", ".join(f"{day:%d.%m}" for day in first.days)
    hours = f"{clock(first.start_minute)}–{clock(max(time.end_minute for time in (first, last)))}"
    against = "; ".join(words.told(block) for block in first.blocks or (text("free"),))
    return words.speaker.say(weekday(first.days[0])), hours, dates, against
