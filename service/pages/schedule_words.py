"""What the schedule says: hours, states, kinds of meetings, and in few words why a meeting cannot go somewhere."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache

from matcher.io.choices import KINDS, TOPICS
from matcher.outcome import Violation
from matcher.texts import Lang, Text, say, text

MEETING_STATES: Mapping[str, Text] = {
    "draft": text("draft, not announced"),
    "published": text("announced"),
    "held": text("took place"),
    "missed": text("did not take place"),
    "cancelled": text("called off"),
}
_OF_THE_DAY = ("{moment} is {kind}", "{moment}: the person is away", "{moment} is outside its days {first}–{last}")
_SHORT: Mapping[str, Text] = {
    "{moment}: the person has a lesson": text("{who} has a lesson"),
    "{moment}: the person cannot be reached": text("{who} cannot be reached"),
    "{moment}: the person is not in the building": text("{who} is not in the building"),
    "{moment}: a lesson visit without a lesson": text("{who} has no lesson"),
    "{moment}: the person is away": text("{who} is away"),
    "two sessions of one person at the same time: {first}, {second}": text("{who} has another meeting"),
    "{moment} lies outside the hours of the day": text("outside the hours for meetings"),
    "{moment}: later than pupils may stay": text("later than pupils may stay"),
    "{moment}: no room": text("no room is free"),
    "{moment}: no video licence": text("no video licence"),
}
"""Whole sentences of the judge → what is left of them beside the hour."""


def clock(minute: int) -> str:
    """Return a minute of the day as people read it.

    >>> clock(870)
    '14:30'
    """
    return f"{minute // 60:02}:{minute % 60:02}"


def purpose_text(activity: str) -> Text:
    """Return what the meetings of an activity are: a visit to a lesson, or a meeting."""
    return text("Lesson visit") if activity.endswith("/visit") else text("Meeting")


@cache
def kind_words(lang: Lang) -> Mapping[str, str]:
    """Return the kinds of mentoring in a language."""
    return {choice.id: choice.label(lang) for choice in KINDS}


@cache
def topic_words(lang: Lang) -> Mapping[str, str]:
    """Return the topics of requests in a language."""
    return {choice.id: choice.label(lang) for choice in TOPICS}


def reasons(broken: Sequence[Violation], names: Mapping[str, str], lang: Lang) -> tuple[str, ...]:
    """Return why a meeting cannot be somewhere: who is in the way and how, each thing once."""
    return tuple(dict.fromkeys(_reason(one, names, lang) for one in _worst(broken)))


def _worst(broken: Sequence[Violation]) -> Iterable[Violation]:
    """Yield what is worth telling: that nobody is there says more than that the room is taken."""
    days = [one for one in broken if one.message.msgid in _OF_THE_DAY]
    return (days or broken)[:3]


def _reason(one: Violation, names: Mapping[str, str], lang: Lang) -> str:
    message = one.message
    who = next((names[str(code)] for code in reversed(one.subjects) if str(code) in names), None)
    if message.msgid == "{moment} is {kind}":
        return say(message.params["kind"], lang) if isinstance(message.params["kind"], Text) else ""
    if message.msgid == "{moment} is outside its days {first}–{last}":
        days = {"first": message.params["first"], "last": message.params["last"]}
        return say(text("its days are {first}–{last}", **days), lang)
    short = _SHORT.get(message.msgid, message)
    if short is message or (who is None and "{who}" in short.msgid):
        return say(message, lang)
    return say(Text(short.msgid, {"who": who}), lang)
