"""What a changed plan does, in a line."""

from __future__ import annotations

from collections.abc import Iterable

from matcher.compare import Figure, Measure, Move
from matcher.explain.findings import Effect, FoundBy
from matcher.explain.level_titles import level_title
from matcher.io.speaker import Speaker
from matcher.outcome import SolveStatus
from matcher.texts import Text, text, text_n

_MOST_NAMES = 4

MEASURE_TITLES = {
    Measure.SERVED: text("mentees with a mentor"),
    Measure.UNMATCHED: text("mentees without a mentor"),
    Measure.INSIDE: text("mentees with a mentor from their own organisation"),
    Measure.SECOND_MENTORS: text("second and third mentors"),
    Measure.REQUESTS: text("requests covered"),
    Measure.GAPS: text("gaps covered"),
    Measure.PAIRS: text("individual pairs"),
    Measure.SEATS: text("seats taken in groups"),
    Measure.GROUPS: text("groups"),
    Measure.MENTORS: text("mentors with a pair or a group"),
    Measure.MINUTES: text("hours a week of all mentees"),
    Measure.POINTS: text("points of all pairs"),
}

#: What the sentence about people already says, or what means nothing when the number of pairs changes.
_SAID_BY_MOVES = frozenset(
    {
        Measure.SERVED,
        Measure.UNMATCHED,
        Measure.PAIRS,
        Measure.SEATS,
        Measure.POINTS,
        Measure.MINUTES,
        Measure.MENTORS,
    }
)


def effect_line(effect: Effect, speaker: Speaker) -> str:
    """Return what the change does to people and requests, in one line."""
    said = {Measure.INSIDE} if effect.newly_served or effect.no_longer_served else set()
    figures = [figure for figure in effect.figures if figure.measure not in said]
    parts = [*people_parts(effect, speaker), *figure_parts(figures, speaker)]
    if not effect.moves and not effect.figures:
        parts = [speaker.say(points_part(effect))]
    return "; ".join(parts)


def people_parts(effect: Effect, speaker: Speaker) -> list[str]:
    """Return who gets a mentor, who loses one, who changes."""
    parts = []
    if effect.newly_served:
        names = ", ".join(_with_mentors(move, speaker) for move in effect.moves if not move.before)
        parts.append(speaker.say(text("gets a mentor: {names}", names=names)))
    if effect.no_longer_served:
        names = speaker.persons(effect.no_longer_served, most=_MOST_NAMES)
        parts.append(speaker.say(text("is left without a mentor: {names}", names=names)))
    moved = effect.moved
    if moved:
        shown = "; ".join(move_line(move, speaker) for move in moved[:_MOST_NAMES])
        if len(moved) > _MOST_NAMES:
            rest = len(moved) - _MOST_NAMES
            shown += " " + speaker.say(text_n("and {count} more", "and {count} more", count=rest))
        parts.append(speaker.say(text("mentors change: {names}", names=shown)))
    elif effect.newly_served and not effect.no_longer_served:
        parts.append(speaker.say(text("nobody else is touched")))
    return parts


def move_line(move: Move, speaker: Speaker) -> str:
    """Return one mentee's mentors before and after."""
    nobody = speaker.say(text("nobody"))
    before = speaker.persons(move.before) or nobody
    return f"{speaker.person(move.mentee)}: {before} → {speaker.persons(move.after) or nobody}"


def _with_mentors(move: Move, speaker: Speaker) -> str:
    return f"{speaker.person(move.mentee)} ({speaker.persons(move.after)})"


def figure_parts(figures: Iterable[Figure], speaker: Speaker) -> list[str]:
    """Return the figures that change and are not said by the moves, with their sign."""
    return [
        f"{speaker.say(MEASURE_TITLES[figure.measure])}: {signed(figure.change)}"
        for figure in figures
        if figure.measure not in _SAID_BY_MOVES and figure.change
    ]


def points_part(effect: Effect) -> Text:
    """Return what remains to be said where no figure changes: points of one level, or nothing."""
    if not effect.levels:
        return text("nothing changes")
    first = effect.levels[0]
    return text(
        "people and requests stay the same; {level}: {change}",
        level=level_title(first.name),
        change=signed(first.after - first.before),
    )


def how_found(effect: Effect) -> Text:
    """Return how sure the effect is."""
    if effect.found_by is FoundBy.EXCHANGE and effect.status is SolveStatus.OPTIMAL:
        return text("the whole round solved again: this change gains no more for people and requests")
    if effect.found_by is FoundBy.EXCHANGE:
        return text("a valid plan found by exchanges round the present one; the best may be better still")
    if effect.status is SolveStatus.OPTIMAL:
        return text("the whole round solved again; nothing better exists")
    return text("the whole round solved again within the time given; the best may be better still")


def signed(number: int) -> str:
    """Return a number with its sign, a true minus."""
    return f"+{number}" if number > 0 else f"−{-number}" if number < 0 else "0"


def plain(number: int) -> str:
    """Return a number with a true minus."""
    return str(number).replace("-", "−")
