"""The entry: a made-up roster of the size and for the regulation that is asked for."""

from __future__ import annotations

from collections.abc import Mapping

from matcher.errors import Fault, InputError
from matcher.generate.assemble import Counts, Ids, assemble
from matcher.generate.draw import Draw
from matcher.generate.guests import build_guests
from matcher.generate.places import build_places
from matcher.generate.profiles import profile_of
from matcher.generate.staff import build_staff
from matcher.generate.subjects import assign_posts
from matcher.roster import Roster
from matcher.texts import text

PRESETS: Mapping[str, Mapping[str, int]] = {
    name: {
        "num_mentees": mentees,
        "num_mentors": mentors,
        "num_organisations": organisations,
        "num_municipalities": municipalities,
        "num_staff": staff,
    }
    for name, mentees, mentors, organisations, municipalities, staff in (
        ("school", 12, 15, 1, 1, 70),
        ("small", 40, 35, 9, 1, 200),
        ("city", 800, 500, 88, 1, 4_500),
        ("region", 2_000, 1_200, 300, 40, 9_000),
        ("country", 200_000, 100_000, 20_000, 2_300, 320_000),
    )
}
"""Sizes often wanted: ``generate_roster(**PRESETS["city"], seed=1)``.

The country, 324,000 people, is made in about a quarter of a minute and half a gibibyte.
"""


def generate_roster(
    *,
    num_mentees: int,
    num_mentors: int,
    num_organisations: int,
    num_municipalities: int,
    num_staff: int | None = None,
    seed: int,
    policy_id: str | None = None,
) -> Roster:
    """Return a made-up roster on 1 September 2026, the same for the same arguments.

    Parameters
    ----------
    num_mentees, num_mentors
        Sizes of the two registers, guests and pupils included.
    num_organisations, num_municipalities
        Schools, kindergartens and the like; a university, a partner or a neighbouring school come on top.
    num_staff
        Staff of the organisations; when left out, nobody but mentors, mentees and one more per organisation.
    policy_id
        A shipped regulation whose kinds of people shall be there: pupils, students, heads, partners …

    Raises
    ------
    InputError
        When the numbers cannot be had together or the regulation is unknown.

    Examples
    --------
    >>> roster = generate_roster(num_mentees=4, num_mentors=3, num_organisations=1, num_municipalities=1, seed=1)
    >>> len(roster.mentees), len(roster.mentors), len(roster.people)
    (4, 3, 8)
    """
    profile = profile_of(policy_id)
    counts = Counts.of(profile, num_mentees=num_mentees, num_mentors=num_mentors)
    least_staff = counts.staff_mentees + counts.staff_mentors
    staff_size = least_staff + num_organisations if num_staff is None else num_staff
    _check_sizes(num_mentees, num_mentors, num_organisations, num_municipalities, staff_size, least_staff, seed)
    places = build_places(
        Draw(seed, 1),
        num_organisations=num_organisations,
        num_municipalities=num_municipalities,
        num_staff=staff_size,
        profile=profile,
    )
    posts = assign_posts(Draw(seed, 2), places, num_mentees=counts.staff_mentees, num_mentors=counts.staff_mentors)
    ids = Ids(staff_size + num_mentees + num_mentors)
    staff = build_staff(Draw(seed, 3), places, posts, profile=profile, ids=ids.take(staff_size))
    guests = build_guests(
        Draw(seed, 4), places, counts.guests, ids.take(counts.guests.num_mentors + counts.guests.students)
    )
    return assemble(seed, profile, counts, places, staff, guests, ids)


def _check_sizes(
    num_mentees: int,
    num_mentors: int,
    num_organisations: int,
    num_municipalities: int,
    num_staff: int,
    least_staff: int,
    seed: int,
) -> None:
    """Raise for numbers that cannot be had together, all of them at once."""
    faults = []
    for place, value in (("mentees", num_mentees), ("mentors", num_mentors), ("seed", seed)):
        if value < 0:
            faults.append(Fault(place, text("{value} is less than nothing", value=value), text("give 0 or more")))
    if num_municipalities < 1 or num_organisations < num_municipalities:
        faults.append(
            Fault(
                "organisations",
                text(
                    "{organisations} organisations cannot fill {municipalities} municipalities",
                    organisations=num_organisations,
                    municipalities=num_municipalities,
                ),
                text("give at least one municipality, and at least one organisation for each"),
            )
        )
    least = max(least_staff, num_organisations)
    if num_staff < least:
        faults.append(
            Fault(
                "staff",
                text("{staff} people are too few", staff=num_staff),
                text("give at least {least}: every mentor, every mentee, and one person per organisation", least=least),
            )
        )
    if faults:
        raise InputError(faults)
