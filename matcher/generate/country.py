"""A made-up country: people of many regions who each look for one mentor."""

from __future__ import annotations

from dataclasses import replace

from matcher.generate.roster import PRESETS, generate_roster
from matcher.roster import Roster


def generate_country(
    *,
    num_mentees: int = PRESETS["country"]["num_mentees"],
    num_mentors: int = PRESETS["country"]["num_mentors"],
    num_organisations: int = PRESETS["country"]["num_organisations"],
    num_municipalities: int = PRESETS["country"]["num_municipalities"],
    num_staff: int | None = None,
    seed: int,
) -> Roster:
    """Return a made-up roster for a round of a country, the same for the same arguments.

    People are those of a city-wide regulation (teachers, students, heads, university mentors) spread over regions of 26
    municipalities each. Nobody asks for several mentors: in such a round everybody gets one.

    >>> roster = generate_country(num_mentees=40, num_mentors=20, num_organisations=9, num_municipalities=3, seed=1)
    >>> {mentee.max_mentors for mentee in roster.mentees}
    {None}
    """
    roster = generate_roster(
        num_mentees=num_mentees,
        num_mentors=num_mentors,
        num_organisations=num_organisations,
        num_municipalities=num_municipalities,
        num_staff=num_staff,
        seed=seed,
        policy_id="barnaul",
    )
    return replace(roster, mentees=tuple(replace(mentee, max_mentors=None) for mentee in roster.mentees))
