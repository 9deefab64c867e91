"""Possible groups: themes, sizes, common slots (C-08, HR-07)."""

from __future__ import annotations

from matcher.candidates.build import Candidates
from matcher.candidates.groups import Theme, build_groups
from matcher.candidates.tables import GROUP
from matcher.roster import CompetenceBlock, Deficit, MentoringKind, Topic
from matcher.timegrid import Busy, BusyState, BusyTime, standard_grid
from tests.rosters import MATHS, Round, options_of, request


def school(num_mentees: int, **mentee: object) -> Round:
    here = Round().mentor()
    for number in range(num_mentees):
        here.mentee(f"N-{number}", **mentee)
    return here


def seats_of(built: Candidates) -> list[int]:
    return [at for at, group in enumerate(built.options.group.tolist()) if group >= 0]


def test_a_group_needs_as_many_as_its_least_size() -> None:
    assert len(school(1).build().groups) == 0
    built = school(2).build()
    assert built.groups.themes[int(built.groups.theme[0])] == Theme(topic=Topic.SUBJECT_CONTENT, subject="mathematics")
    assert built.problem.group_min_size.tolist() == [2]
    assert built.problem.group_max_size.tolist() == [6]


def test_a_group_costs_its_mentor_once_and_every_member_once() -> None:
    built = school(3).build()
    seats = seats_of(built)
    assert built.problem.group_minutes.tolist() == [60]
    assert built.problem.mentor_minutes[seats].tolist() == [0, 0, 0]
    assert built.problem.mentee_minutes[seats].tolist() == [60, 60, 60]


def test_a_seat_covers_only_what_the_group_works_on() -> None:
    gap = Deficit(competence=CompetenceBlock.SUBJECT, level=1)
    built = school(2, requests=(MATHS, request(Topic.UPBRINGING, priority=2)), deficits=(gap,)).build()
    covered = {
        built.groups.themes[int(built.groups.theme[built.options.group[at]])].topic: built.needs_of(at)
        for at in seats_of(built)
    }
    assert covered == {Topic.SUBJECT_CONTENT: [0, 2], Topic.UPBRINGING: [1]}


def test_gaps_stand_in_for_requests_where_there_is_none_of_first_priority() -> None:
    gap = Deficit(competence=CompetenceBlock.DIGITAL, level=1)
    built = school(2, requests=(), deficits=(gap,)).build()
    assert [built.groups.themes[int(theme)] for theme in built.groups.theme] == [Theme(topic=Topic.DIGITAL)]
    assert len(school(2, deficits=(gap,)).build().groups) == 1


def test_who_accepts_no_group_gets_no_seat() -> None:
    here = school(2).mentee("N-9", kinds=(MentoringKind.TRADITIONAL,))
    built = here.build()
    assert all(built.options.group[at] < 0 for at in options_of(built, "M-1", "N-9"))
    assert len(Round().mentor(max_groups=0).mentee("N-1").mentee("N-2").build().groups) == 0


def test_who_accepts_only_groups_gets_only_seats() -> None:
    built = school(2, kinds=(MentoringKind.GROUP,)).build()
    assert built.options.kind.tolist() == [GROUP, GROUP]


def busy_but(free: dict[str, tuple[int, ...]]) -> Busy:
    """Return people who are taken all the standard week but for some hours of Monday."""
    times = [
        BusyTime(
            person=person,
            week=None,
            weekday=day,
            start_minute=60 * hour,
            end_minute=60 * hour + 60,
            state=BusyState.NOT_REACHABLE,
        )
        for person, hours in free.items()
        for day in range(1, 7)
        for hour in range(8, 20)
        if day > 1 or hour not in hours
    ]
    return Busy.of(standard_grid(), times)


def test_a_group_meets_in_a_slot_free_for_all() -> None:
    here = school(3, kinds=(MentoringKind.GROUP,))
    busy = busy_but({"M-1": (8, 9), "N-0": (8,), "N-1": (8, 9), "N-2": (9,)})
    built, result = here.solve(busy)
    assert built.problem.slots is not None
    assert len(result.pairing.option) == 2
    assert result.pairing.slot.tolist()[0] in (0, 1)


def test_a_seat_without_a_common_slot_is_left_out_and_counted() -> None:
    here = school(3, kinds=(MentoringKind.GROUP,))
    built = here.build(busy_but({"M-1": (8, 9), "N-0": (10,), "N-1": (8, 9), "N-2": (9,)}))
    assert built.groups.num_without_slot == 1
    assert len(seats_of(built)) == 2
    assert any("no free time" in str(note) for note in built.report.notes)


def test_nothing_is_assumed_of_people_without_a_timetable() -> None:
    from matcher.candidates.warnings import warnings_of

    here = school(2, kinds=(MentoringKind.GROUP,))
    built = here.build(busy_but({"M-1": (8,), "N-0": (8,)}))
    flagged = [
        any("has to be agreed" in str(word) for word in warnings_of(int(built.warnings[at]))) for at in seats_of(built)
    ]
    assert flagged == [False, True]
    assert built.common_slots.tolist() == [1, -1]


def test_a_limit_keeps_the_most_wanted_themes_and_says_so() -> None:
    here = school(3, requests=(MATHS, request(Topic.UPBRINGING, priority=2)))
    here.mentee("N-9", requests=(request(Topic.SUBJECT_CONTENT, "mathematics"),))
    built = here.build()
    edges = built.pairs.edges
    groups = build_groups(built.columns, edges, None, edges.mentor[:0], most_seats=5)
    assert [groups.themes[int(theme)].topic for theme in groups.theme] == [Topic.SUBJECT_CONTENT]
    assert (groups.num_groups_left_out, groups.num_seats_left_out) == (1, 3)
