"""The school year of a city: 800 pairs and 60 groups in 88 schools with generated timetables, a fifth across schools.

Pairs are drawn, not matched: this measures session planning alone, from timetables read to the judged schedule. People
have the usual hours and accept every mode. The
first plan is the one the greedy pass has, counted from the first line of building. The second part has so few video
licences that the pool binds. Repairs are three weeks of illness of single mentors, after the plan is there.
"""

from __future__ import annotations

import gc
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from statistics import mean
from tempfile import TemporaryDirectory

import numpy as np

from benchmarks.rows import Row, run_rows_apart
from matcher.generate.roster import PRESETS, generate_roster
from matcher.generate.timetables import generate_busy
from matcher.io.policy_toml import read_policy
from matcher.io.read_timetables import read_timetables
from matcher.io.write_timetables import write_timetables
from matcher.judge.schedule.verdict import schedule_violations
from matcher.outcome import Progress, SolveStatus
from matcher.pairing.certificate import Certificate
from matcher.plan import Plan, PlannedGroup, PlannedPair
from matcher.policy import Policy
from matcher.repair.changes import Changes
from matcher.repair.repair import repair_plan
from matcher.roster import Absence, Contour, Licence, MentoringForm, MentoringKind, PersonKind, Roster, Topic
from matcher.scheduling.plan import plan_sessions
from matcher.sessions.schedule import ActivityPurpose, Schedule, SessionState
from matcher.timetables import Timetables

NUM_PAIRS, NUM_GROUPS = 800, 60
SHARE_ACROSS = 0.2
TERM = (date(2026, 9, 1), date(2027, 5, 26))
TODAY = date(2026, 11, 9)
SECONDS = 110.0
BINDING_LICENCES = 8
SEED = 1
NUM_ILL = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class City:
    """What is planned: people, regulation, timetables, pairs and groups."""

    roster: Roster
    policy: Policy
    timetables: Timetables
    pairs: tuple[PlannedPair, ...]
    groups: tuple[PlannedGroup, ...]


def build_city(folder: Path, *, num_licences: int) -> City:
    """Return the city; its timetables are written to ``folder`` and read back."""
    roster = generate_roster(**PRESETS["city"], seed=SEED, policy_id="barnaul")
    roster = replace(
        roster,
        licences=(Licence(id="L", count=num_licences),),
        absences=(),
        availability=(),
        mentors=tuple(replace(mentor, modes=(), hours_per_week=None) for mentor in roster.mentors),
        mentees=tuple(replace(mentee, modes=(), hours_per_week=None) for mentee in roster.mentees),
    )
    maps = write_timetables(roster, generate_busy(roster, seed=SEED), folder)
    timetables, _ = read_timetables(maps, roster, year=2026)
    pairs, groups = _draw_pairs(roster, np.random.default_rng(SEED))
    policy = replace(read_policy("barnaul"), lesson_visit=None)
    return City(roster=roster, policy=policy, timetables=timetables, pairs=pairs, groups=groups)


def _draw_pairs(roster: Roster, rng: np.random.Generator) -> tuple[tuple[PlannedPair, ...], tuple[PlannedGroup, ...]]:
    """Return pairs of staff: each mentor with two mentees and one group at most, each mentee with two mentors."""
    home = {person.id: person.organisation for person in roster.people}
    staff = {person.id for person in roster.people if person.person_kind is PersonKind.STAFF}
    mentors: dict[str, list[str]] = defaultdict(list)
    for mentor in roster.mentors:
        if mentor.person in staff:
            mentors[home[mentor.person]].append(mentor.person)
    everybody = [id_ for own in mentors.values() for id_ in own]
    places = Counter(dict.fromkeys(everybody, 2))
    mentees = [mentee.person for mentee in roster.mentees if mentee.person in staff]
    sought = Counter(dict.fromkeys(mentees, 2))
    pairs: dict[tuple[str, str], PlannedPair] = {}
    while len(pairs) < NUM_PAIRS:
        mentee = mentees[int(rng.integers(len(mentees)))]
        own = mentors[home[mentee]]
        is_across = rng.random() < SHARE_ACROSS or not any(places[id_] for id_ in own)
        among = [id_ for id_ in (everybody if is_across else own) if places[id_] and id_ != mentee]
        mentor = among[int(rng.integers(len(among)))] if among else None
        if mentor is None:
            break
        if (mentor, mentee) in pairs or not sought[mentee]:
            continue
        places[mentor] -= 1
        sought[mentee] -= 1
        across = home[mentor] != home[mentee]
        pairs[mentor, mentee] = PlannedPair(
            mentor=mentor,
            mentee=mentee,
            form=MentoringForm.TEACHER_TEACHER,
            kind=MentoringKind.VIRTUAL if across else MentoringKind.TRADITIONAL,
            contour=Contour.MUNICIPALITY if across else Contour.ORGANISATION,
        )
    groups: list[PlannedGroup] = []
    seats: list[PlannedPair] = []
    for mentor in rng.permutation(np.array(everybody)).tolist():
        near = [id_ for id_ in mentees if home[id_] == home[mentor] and id_ != mentor and (mentor, id_) not in pairs]
        if len(near) < 3 or len(groups) == NUM_GROUPS:
            continue
        members = tuple(sorted(rng.permutation(np.array(near))[: int(rng.integers(3, 6))].tolist()))
        group = PlannedGroup(
            id=f"G-{len(groups) + 1}", mentor=mentor, topic=Topic.TEACHING_METHODS, subject=None, slot=None, minutes=60,
            members=members,
        )  # fmt: skip
        groups.append(group)
        seats += [
            PlannedPair(
                mentor=mentor, mentee=id_, form=MentoringForm.TEACHER_TEACHER, kind=MentoringKind.GROUP,
                contour=Contour.ORGANISATION, group=group.id,
            )
            for id_ in members
        ]  # fmt: skip
    return (*pairs.values(), *seats), tuple(groups)


def city_year_rows() -> list[Row]:
    """Return the rows of the city with plenty of licences and with a pool that binds."""
    rows = run_rows_apart(_measure, "city", 200)
    return [*rows, *run_rows_apart(_measure, f"city, {BINDING_LICENCES} licences", BINDING_LICENCES)]


def _measure(name: str, num_licences: int) -> list[Row]:
    with TemporaryDirectory() as folder:
        city = build_city(Path(folder), num_licences=num_licences)
    first: list[float] = []
    begin = time.perf_counter()

    def note(progress: Progress) -> None:
        if not first and progress.value is not None:
            first.append(time.perf_counter() - begin)

    schedule = plan_sessions(
        city.pairs, city.groups, city.roster, city.policy, city.timetables,
        first_day=TERM[0], last_day=TERM[1], time_limit=SECONDS, seed=SEED, on_progress=note,
    )  # fmt: skip
    seconds = time.perf_counter() - begin
    plan = as_plan(city, schedule)
    wanted = sum(activity.wanted for activity in schedule.activities)
    note_words = f"pairs and groups {len(schedule.activities)}, wanted {wanted}, placed {len(schedule.sessions)}; "
    note_words += f"first plan {first[0] if first else seconds:.1f} s; violations {len(schedule_violations(plan))}"
    rows = [Row(instance=name, method="matcher", value=len(schedule.sessions), seconds=seconds, note=note_words)]
    rows += [
        Row(
            instance=name,
            method=f"level {level.name}",
            value=level.value,
            bound=level.bound,
            note="not proved" if level.proof is None else level.proof.value,
        )
        for level in schedule.levels
    ]
    priced = [f"{pool} {price:.1f}" for pool, price in schedule.prices if price > 0]
    rows.append(Row(instance=name, method="prices", note=", ".join(priced[:5]) or "no pool binds"))
    return [*rows, _repair_row(name, plan)]


def as_plan(city: City, schedule: Schedule) -> Plan:
    """Return a plan that holds only what session planning knows; its pairing was drawn, so it has no proof."""
    published = tuple(replace(session, state=SessionState.PUBLISHED) for session in schedule.sessions)
    return Plan(
        policy=city.policy,
        roster=city.roster,
        busy=None,
        reference_day=TERM[0],
        previous={},
        status=SolveStatus.FEASIBLE,
        levels=(),
        certificate=Certificate(values=(), prices=()),
        engine="drawn",
        seed=SEED,
        seconds=0.0,
        options=(),
        open_groups=(),
        pairs=city.pairs,
        groups=city.groups,
        unmatched=(),
        timetables=city.timetables,
        schedule=replace(schedule, sessions=published),
    )


def _repair_row(name: str, plan: Plan) -> Row:
    assert plan.schedule is not None
    gc.freeze()  # as the command does: what has been read is not looked through for garbage again and again
    leads = Counter(a.mentor for a in plan.schedule.activities if a.purpose is not ActivityPurpose.RESERVE)
    seconds, lost, placed, moved = [], 0, 0, 0
    for mentor, _ in sorted(leads.items(), key=lambda item: (-item[1], item[0]))[:NUM_ILL]:
        ill = Absence(person=mentor, start_day=TODAY, end_day=TODAY + timedelta(days=20))
        repair = repair_plan(plan, Changes(today=TODAY, absences=(ill,)))
        seconds.append(repair.seconds)
        lost += len(repair.lost)
        placed += len(repair.options[0].replaced) if repair.options else 0
        moved += len(repair.options[0].moved) if repair.options else 0
    note = f"{NUM_ILL} mentors ill for three weeks: lost {lost}, placed anew {placed}, others moved {moved}; "
    return Row(instance=name, method="repair, slowest", seconds=max(seconds), note=f"{note}mean {mean(seconds):.2f} s")


TABLES: dict[str, Callable[[], list[Row]]] = {"city_year": city_year_rows}
