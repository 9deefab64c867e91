"""Why sessions could not be placed: in the calendar of the people themselves, or because something was taken."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

import numpy as np

from matcher.scheduling.build import SessionCase
from matcher.scheduling.cells import LICENCES
from matcher.scheduling.numbers import which_sessions
from matcher.scheduling.occupation import Block, Occupation
from matcher.scheduling.options import build_options
from matcher.sessions.problem import NO_LIMIT, BoolArray, IntArray
from matcher.sessions.result import SessionResult
from matcher.sessions.schedule import Activity, ActivityPurpose, Window
from matcher.texts import Text, text

_MOST_DAYS = 6


class Reasons:
    """Looks for the reasons of windows left empty."""

    def __init__(self, case: SessionCase, result: SessionResult) -> None:
        self._case, self._in = case, case.case
        self._occupation = Occupation(case.problem, result)
        order = np.argsort(case.problem.choice_activity, kind="stable")
        self._choices = np.split(order, np.cumsum(np.bincount(case.problem.choice_activity, minlength=1))[:-1])

    def of(self, at: int, numbers: Sequence[int]) -> tuple[Text, ...]:
        """Return why the sessions of these numbers (windows from 1) of an activity are missing."""
        activity = self._case.activities[at]
        if not numbers:
            return ()
        if not activity.modes:
            return (text("{people}: there is no way of meeting that all accept", people=_names(activity.people)),)
        choices = self._choices[at] if at < len(self._choices) else np.zeros(0, dtype=np.int64)
        if not len(choices) and not self._free_days(activity, absences=False).any():
            return (self._never(activity),)
        too_long = self._too_long(at, choices)
        if too_long is not None:
            return (too_long,)
        empty: list[int] = []
        blocked: dict[tuple[Block, str], list[int]] = defaultdict(list)
        days: list[int] = []
        for number in numbers:
            dated = self._dated(choices, activity.windows[number - 1])
            if not len(dated):
                empty.append(number)
                continue
            days += np.unique(dated[:, 1]).tolist()
            for key in self._blocks(at, dated):
                blocked[key].append(number)
        told = [*self._closed(activity, empty)]
        if days:
            told.append(self._only_on(sorted(set(days)), [number for number in numbers if number not in empty]))
            ordered = sorted(blocked.items(), key=lambda item: (-len(item[1]), item[0]))
            told += [self._taken(activity, block, name, mine) for (block, name), mine in ordered]
        return tuple(told)

    def _dated(self, choices: IntArray, window: Window) -> IntArray:
        """Return (choice, day) of the times in a window, shape (num, 2)."""
        span = self._in.calendar.span(window.first_day, window.last_day)
        found = np.argwhere(self._case.problem.choice_days[choices] & span)
        found[:, 0] = choices[found[:, 0]]
        return found

    def _blocks(self, at: int, dated: IntArray) -> Iterator[tuple[Block, str]]:
        """Yield once what blocks the times of a window: what is needed to explain each of them."""
        seen: set[tuple[Block, str]] = set()
        for choice, day in dated.tolist():
            found = [*self._occupation.blocks(at, choice, day)] or [(Block.NOTHING, -1)]
            if not any((block, self._named(block, which)) in seen for block, which in found):
                key = (found[0][0], self._named(*found[0]))
                seen.add(key)
                yield key

    def _named(self, block: Block, which: int) -> str:
        if block in (Block.PERSON, Block.WEEK):
            return self._case.person_id[which].split(" ", maxsplit=1)[0]
        return self._case.pools[which] if block is Block.POOL else ""

    def _free_days(self, activity: Activity, *, absences: bool) -> BoolArray:
        """Return the days on which all are free, rooms aside; without ``absences`` as if nobody were away."""
        options = build_options(activity, self._in, absences=absences)
        return np.asarray(options.days.any(axis=0))

    def _too_long(self, at: int, choices: IntArray) -> Text | None:
        """Return who has fewer minutes a week than the shortest session lasts."""
        problem = self._case.problem
        least = int(problem.choice_minutes[choices].min(initial=np.iinfo(np.int64).max))
        for person in problem.member_person[problem.member_activity == at].tolist():
            most = int(problem.week_minutes[person])
            if NO_LIMIT != most < least and len(choices):
                return text(
                    "a session of {minutes} minutes is longer than {name} has a week: {most} minutes ({rule})",
                    minutes=least,
                    name=self._named(Block.WEEK, person),
                    most=most,
                    rule=self._rule("HR-06"),
                )
        return None

    def _never(self, activity: Activity) -> Text:
        rule = self._rule("HR-20" if len(activity.mentees) > 1 else "HR-17")
        people = _names(self._in.people_of(activity))
        if activity.purpose is ActivityPurpose.LESSON_VISIT:
            told = {"mentor": activity.mentor, "mentee": _names(activity.mentees), "rule": rule}
            return text("{mentor} is free in no lesson of {mentee} ({rule})", **told)
        return text(
            "{people} have no common free time of {minutes} minutes on any school day ({rule})",
            people=people,
            minutes=activity.min_minutes,
            rule=rule,
        )

    def _closed(self, activity: Activity, numbers: Sequence[int]) -> Iterator[Text]:
        """Yield why windows hold no common time at all: somebody is away, or the week gives none."""
        if not numbers:
            return
        would, real = (self._free_days(activity, absences=absences) for absences in (False, True))
        people = self._in.people_of(activity)
        away: dict[tuple[str, ...], list[int]] = defaultdict(list)
        roomless: list[int] = []
        none: list[int] = []
        for number in numbers:
            window = activity.windows[number - 1]
            span = self._in.calendar.span(window.first_day, window.last_day)
            missing = tuple(id_ for id_ in people if (span & would & ~self._in.calendar.present(id_)).any())
            if (span & real).any():
                roomless.append(number)
            elif missing:
                away[missing].append(number)
            else:
                none.append(number)
        for ids, mine in away.items():
            told = {"sessions": which_sessions(mine), "people": _names(ids), "rule": self._rule("HR-17")}
            yield text("{sessions}: on all days that suit somebody is away or in an exam: {people} ({rule})", **told)
        if roomless:
            told = {"sessions": which_sessions(roomless), "rule": self._rule("HR-19")}
            yield text(
                "{sessions}: no room for {size} people is free at the common times ({rule})",
                **told,
                size=activity.size,
            )
        if none:
            told = {"sessions": which_sessions(none), "rule": self._rule("HR-17")}
            yield text("{sessions}: their days hold no time when all are free ({rule})", **told)

    def _only_on(self, days: Sequence[int], numbers: Sequence[int]) -> Text:
        listed = ", ".join(f"{self._in.calendar.day[day]:%d.%m.%Y}" for day in days[:_MOST_DAYS])
        told = {"sessions": which_sessions(numbers), "days": listed, "count": len(days)}
        if len(days) > _MOST_DAYS:
            return text("{sessions}: there are common times on {count} days ({days} …)", **told)
        return text("{sessions}: there are common times only on {days}", **told)

    def _taken(self, activity: Activity, block: Block, name: str, numbers: Sequence[int]) -> Text:
        """Return the sentence for something that is taken at common times."""
        told = {"sessions": which_sessions(numbers), "name": name}
        if block is Block.PERSON:
            return text("{sessions}: {name} has another session then ({rule})", **told, rule=self._rule("HR-17"))
        if block is Block.WEEK:
            rule = self._rule("HR-06")
            return text("{sessions}: the hours of {name} in these weeks are used up ({rule})", **told, rule=rule)
        rule = self._rule("HR-19")
        if block is Block.POOL and name == LICENCES:
            return text("{sessions}: all video licences are in use then ({rule})", **told, rule=rule)
        if block is Block.POOL:
            return text("{sessions}: all rooms at {name} are taken then ({rule})", **told, rule=rule)
        if block is Block.GAP:
            return text(
                "{sessions}: less than {days} days would lie between neighbouring sessions ({rule})",
                **told,
                days=activity.gap_days,
                rule=self._rule("HR-21" if activity.goal_in_each else "9.6"),
            )
        return text("{sessions}: no place was found in the time given", **told)

    def _rule(self, id_: str) -> str:
        rules = self._in.policy.rules
        clause = rules[id_].clause if id_ in rules else ""
        return f"{id_}, {clause}" if clause else id_


def _names(ids: Sequence[str]) -> str:
    return ", ".join(ids)
