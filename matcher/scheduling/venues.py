"""Where an activity may meet: sites its people can reach, and online; the ways between sites."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from matcher.policy import Policy
from matcher.roster import Roster, SessionMode
from matcher.scheduling.calendar import Calendar
from matcher.scheduling.free import ONLINE
from matcher.sessions.problem import IntArray
from matcher.sessions.schedule import Activity, ActivityPurpose

FAR = 24 * 60
"""Minutes between sites of different organisations whose distance is not given: not on the same day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A building; ``id`` is None for an organisation that lists no sites and is one building."""

    id: str | None
    organisation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Venue:
    """A place of meeting: ``site`` −1 is online. ``rank`` is its place in the order of the activity's modes."""

    site: int
    rank: int

    @property
    def mode(self) -> SessionMode:
        """Return how people meet there."""
        return SessionMode.ONLINE if self.site == ONLINE else SessionMode.IN_PERSON


class Places:
    """All sites; ``travel`` (num_sites, num_sites) minutes between them, 0 where HR-19 is off.

    Between sites of one organisation whose distance is not given nobody is held up.
    """

    def __init__(self, roster: Roster, policy: Policy, calendar: Calendar) -> None:
        self._calendar = calendar
        found = [Site(id=site.id, organisation=site.organisation) for site in roster.sites]
        listed = {site.organisation for site in found}
        members = {person.organisation for person in roster.people} | {c.organisation for c in roster.classes}
        found += [Site(id=None, organisation=organisation) for organisation in sorted(members - listed)]
        self.site = tuple(found)
        self.index = {site.id: at for at, site in enumerate(found) if site.id is not None}
        self._of_organisation: dict[str, list[int]] = defaultdict(list)
        for at, site in enumerate(found):
            self._of_organisation[site.organisation].append(at)
        self._known = self._ways(roster)
        self.travel = self._minutes() if policy.rule("HR-19").on else np.zeros((len(found), len(found)), dtype=np.int64)

    def home(self, id_: str) -> int:
        """Return the site where a person works, −1 where his organisation has several and his is not known."""
        person = self._calendar.people.get(id_)
        if person is not None and person.site in self.index:
            return self.index[person.site]
        sites = self._of_organisation[self._calendar.organisation_of(id_)]
        return sites[0] if len(sites) == 1 else -1

    def venues_of(self, activity: Activity) -> tuple[Venue, ...]:
        """Return where an activity may meet, in the order of its modes.

        In person that is every site of an organisation of its people which all others can reach. A lesson is visited
        where it takes place: at sites of the mentee's organisation.
        """
        found: list[Venue] = []
        for rank, mode in enumerate(_both(activity.modes)):
            if mode is SessionMode.ONLINE:
                found.append(Venue(site=ONLINE, rank=rank))
            else:
                found += [Venue(site=site, rank=rank) for site in self._sites_of(activity)]
        return tuple(found)

    def _sites_of(self, activity: Activity) -> list[int]:
        people = [*activity.people, *((activity.school_class,) if activity.school_class is not None else ())]
        hosts = activity.mentees if activity.purpose is ActivityPurpose.LESSON_VISIT else people
        organisations = dict.fromkeys(self._calendar.organisation_of(id_) for id_ in hosts)
        sites = [site for organisation in organisations for site in self._of_organisation[organisation]]
        if activity.site is not None:
            sites = [site for site in sites if self.site[site].id == activity.site]
        return [site for site in sites if all(self.can_come(id_, site) for id_ in people)]

    def can_come(self, id_: str, site: int) -> bool:
        """Return whether a person can come to a site: of his organisation, or by a way that is known."""
        organisation = self._calendar.organisation_of(id_)
        if self.site[site].organisation == organisation:
            return True
        return any((other, site) in self._known for other in self._of_organisation[organisation])

    def _ways(self, roster: Roster) -> dict[tuple[int, int], int]:
        given = {
            (self.index[way.from_site], self.index[way.to_site]): way.minutes
            for way in roster.travel
            if way.from_site in self.index and way.to_site in self.index
        }
        return {(there, here): minutes for (here, there), minutes in given.items()} | given

    def _minutes(self) -> IntArray:
        names = {name: at for at, name in enumerate(dict.fromkeys(site.organisation for site in self.site))}
        owner = np.array([names[site.organisation] for site in self.site], dtype=np.int64)
        minutes = np.where(owner[:, None] == owner, 0, FAR)
        for (here, there), length in self._known.items():
            minutes[here, there] = length
        np.fill_diagonal(minutes, 0)
        return minutes


def _both(modes: tuple[SessionMode, ...]) -> tuple[SessionMode, ...]:
    return (SessionMode.IN_PERSON, SessionMode.ONLINE) if SessionMode.MIXED in modes else modes
