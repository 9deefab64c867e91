"""Laws of made-up rosters, whatever their size."""

from __future__ import annotations

from collections.abc import Iterator

from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.generate.roster import generate_roster
from matcher.roster import Roster

POLICIES = (None, "barnaul", "anuchino", "kalmykia", "dalnerechensk", "smolensk_school_23")


@st.composite
def arguments(draw: st.DrawFn) -> dict[str, int | str | None]:
    municipalities = draw(st.integers(1, 4))
    organisations = draw(st.integers(municipalities, 15))
    mentees, mentors = draw(st.integers(0, 60)), draw(st.integers(0, 50))
    staff = draw(st.none() | st.integers(mentees + mentors + organisations, 300))
    return {
        "num_mentees": mentees,
        "num_mentors": mentors,
        "num_organisations": organisations,
        "num_municipalities": municipalities,
        "num_staff": staff,
        "seed": draw(st.integers(0, 2**40)),
        "policy_id": draw(st.sampled_from(POLICIES)),
    }


def dangling(roster: Roster) -> Iterator[tuple[str, str | None]]:
    """Yield every reference to something the roster has not."""
    organisations = {found.id for found in roster.organisations}
    sites, classes = {found.id for found in roster.sites}, {found.id for found in roster.classes}
    people = {found.id for found in roster.people}
    mentors, mentees = {found.person for found in roster.mentors}, {found.person for found in roster.mentees}
    checks = [
        ("person.organisation", organisations, [p.organisation for p in roster.people]),
        ("person.site", sites, [p.site for p in roster.people if p.site]),
        ("person.class", classes, [p.school_class for p in roster.people if p.school_class]),
        ("site.organisation", organisations, [s.organisation for s in roster.sites]),
        ("class.organisation", organisations, [c.organisation for c in roster.classes]),
        ("class.teacher", people, [c.class_teacher for c in roster.classes if c.class_teacher]),
        ("mentor", people, list(mentors)),
        ("mentor.classes", classes, [c for m in roster.mentors for c in m.class_teacher_of]),
        ("mentee", people, [m.person for m in roster.mentees if not m.is_class]),
        ("mentee.class", classes, [m.person for m in roster.mentees if m.is_class]),
        ("wish", mentors | mentees, [end for w in roster.wishes for end in (w.from_person, w.to_person)]),
        ("compatibility.mentor", mentors, [c.mentor for c in roster.compatibility]),
        ("compatibility.mentee", mentees, [c.mentee for c in roster.compatibility]),
        ("lock.mentor", mentors, [found.mentor for found in roster.locks]),
        ("lock.mentee", mentees, [found.mentee for found in roster.locks]),
        ("room", sites, [r.site for r in roster.rooms]),
        ("travel", sites, [end for t in roster.travel for end in (t.from_site, t.to_site)]),
        ("consent", people, [c.person for c in roster.consents]),
        ("absence", people, [a.person for a in roster.absences]),
        ("availability", people, [a.person for a in roster.availability]),
        ("contract", organisations, [end for c in roster.contracts for end in (c.organisation, c.partner)]),
    ]
    for name, known, used in checks:
        yield from ((name, value) for value in used if value not in known)


@settings(max_examples=60, deadline=None)
@given(arguments())
def test_sizes_ids_and_references_hold(wanted: dict[str, int | str | None]) -> None:
    roster = generate_roster(**wanted)  # type: ignore[arg-type]
    assert len(roster.mentees) == wanted["num_mentees"]
    assert len(roster.mentors) == wanted["num_mentors"]
    for ids in (
        [p.id for p in roster.people] + [c.id for c in roster.classes],
        [m.person for m in roster.mentors],
        [m.person for m in roster.mentees],
        [o.id for o in roster.organisations],
        [s.id for s in roster.sites],
        [r.id for r in roster.rooms],
        [(w.from_person, w.to_person) for w in roster.wishes],
        [(c.mentor, c.mentee) for c in roster.compatibility],
        [(found.mentor, found.mentee) for found in roster.locks],
    ):
        assert len(set(ids)) == len(ids)
    assert list(dangling(roster)) == []
    assert all(w.from_person != w.to_person for w in roster.wishes)


@settings(max_examples=15, deadline=None)
@given(arguments())
def test_the_same_seed_makes_the_same_roster(wanted: dict[str, int | str | None]) -> None:
    assert generate_roster(**wanted) == generate_roster(**wanted)  # type: ignore[arg-type]
