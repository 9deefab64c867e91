"""In which modes people meet: what the pattern asks, what each of them accepts, who can go where."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from matcher.policy_words import PatternMode
from matcher.roster import Roster, SessionMode
from matcher.scheduling.calendar import Calendar

_IN_PERSON, _ONLINE = SessionMode.IN_PERSON, SessionMode.ONLINE
_BOTH = frozenset({_IN_PERSON, _ONLINE})


class Modes:
    """Modes of activities, in the order in which they are tried."""

    def __init__(self, roster: Roster, calendar: Calendar) -> None:
        self._calendar = calendar
        self._of_mentor = {row.person: _accepted(row.modes) for row in roster.mentors}
        self._of_mentee = {row.person: _accepted(row.modes) for row in roster.mentees}
        site_of = {site.id: site.organisation for site in roster.sites}
        self._linked: dict[str, set[str]] = defaultdict(set)
        for way in roster.travel:
            here, there = site_of.get(way.from_site), site_of.get(way.to_site)
            if here is not None and there is not None:
                self._linked[here].add(there)
                self._linked[there].add(here)

    def of(self, mentor: str, mentees: Sequence[str], asked: PatternMode) -> tuple[SessionMode, ...]:
        """Return the modes of an activity; none where people do not agree on any.

        In one organisation people meet in person first and online where they cannot; across organisations online
        first, and in person where the way between them is known.
        """
        organisations = {self._calendar.organisation_of(id_) for id_ in (mentor, *mentees)}
        if asked is PatternMode.ONLINE:
            order: tuple[SessionMode, ...] = (_ONLINE,)
        elif asked is PatternMode.IN_PERSON:
            order = (_IN_PERSON,)
        elif len(organisations) == 1:
            order = (_IN_PERSON, _ONLINE)
        else:
            can_go = all(self.is_reachable(mentor, mentee) for mentee in mentees)
            order = (_ONLINE, _IN_PERSON) if can_go else (_ONLINE,)
        accepted = [self._of_mentor.get(mentor, _BOTH), *(self._of_mentee.get(id_, _BOTH) for id_ in mentees)]
        return tuple(mode for mode in order if all(mode in mine for mine in accepted))

    def is_reachable(self, mentor: str, mentee: str) -> bool:
        """Return whether one can go to the other: they work in one organisation, or the way between two is known."""
        here, there = self._calendar.organisation_of(mentor), self._calendar.organisation_of(mentee)
        return here == there or there in self._linked[here]


def _accepted(modes: Sequence[SessionMode]) -> frozenset[SessionMode]:
    """Return the modes a person accepts: naming none, or a mixture, means both."""
    return _BOTH if not modes or SessionMode.MIXED in modes else frozenset(modes)
