"""A generated city for session planning: schools, timetables, pairs and groups, rooms and video licences, by seed."""

from __future__ import annotations

import resource
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from benchmarks.rhythm import following
from benchmarks.rows import Row, run_rows_apart
from benchmarks.session_rows import level_rows
from matcher.sessions.problem import NO_LIMIT, SessionProblem
from matcher.sessions.solve import solve_sessions

IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

FIRST_DAY, LAST_DAY = date(2025, 9, 1), date(2026, 5, 26)
BREAKS = (
    (date(2025, 10, 27), date(2025, 11, 4)),
    (date(2025, 12, 31), date(2026, 1, 11)),
    (date(2026, 3, 28), date(2026, 4, 5)),
)
HOLIDAYS = (date(2026, 2, 23), date(2026, 3, 9), date(2026, 5, 1), date(2026, 5, 11))
NUM_PERIODS = 10
"""Eight lessons, then two periods after them on Monday to Thursday."""
MINUTES, GAP_DAYS, MOST_LED = 45, 10, 3


@dataclass(frozen=True, slots=True, kw_only=True)
class City:
    """How large a city is and how much of everything it has."""

    num_schools: int = 88
    num_teachers: int = 25
    num_pairs: int = 800
    num_groups: int = 60
    cross_share: float = 0.2
    online_share: float = 0.2
    """Of the pairs inside a school; 1 puts every pair online."""
    num_rooms: int = 2
    num_licences: int = 40


@dataclass(frozen=True, slots=True, eq=False)
class _Activities:
    members: list[list[int]]
    """The mentor first."""
    is_online: list[bool]


def generate_city(city: City, seed: int) -> SessionProblem:
    """Return a city; the same seed gives the same one."""
    rng = np.random.default_rng(seed)
    school_days = _school_days()
    free = _free_slots(rng, city)
    activities = _activities(rng, city, free)
    present = _presence(rng, city, len(school_days))
    number = len(activities.members)
    wanted = rng.integers(15, 19, number)
    next_day = np.stack([following(_windows(school_days, n), GAP_DAYS) for n in wanted.tolist()])
    weekday = np.arange(len(school_days)) % 7
    rows: list[BoolArray] = []
    owner: list[int] = []
    slot: list[int] = []
    for a, members in enumerate(activities.members):
        days = school_days & present[members].all(axis=0)
        for s in np.flatnonzero(free[members].all(axis=0)).tolist():
            rows.append(days & (weekday == s // NUM_PERIODS))
            owner.append(a)
            slot.append(s)
    online = np.array(activities.is_online)[owner]
    school = np.array([members[0] // city.num_teachers for members in activities.members])[owner]
    num_slots = 5 * NUM_PERIODS
    venue = np.where(online, np.int64(city.num_schools), school)
    cell = venue * num_slots + np.array(slot)
    size = np.repeat([city.num_rooms] * city.num_schools + [city.num_licences], num_slots)
    slots = np.arange(num_slots)
    start = 8 * 60 + slots % NUM_PERIODS * (MINUTES + 10)
    mentors = {members[0] for members in activities.members}
    teachers = np.arange(city.num_schools * city.num_teachers)
    return SessionProblem(
        num_days=len(school_days),
        num_people=len(teachers),
        num_sites=city.num_schools,
        wanted=wanted,
        weight=np.ones(number, dtype=np.int64),
        lead=np.array([members[0] for members in activities.members]),
        next_day=next_day,
        member_activity=np.repeat(np.arange(number), [len(members) for members in activities.members]),
        member_person=np.concatenate([np.array(members) for members in activities.members]),
        slot_weekday=slots // NUM_PERIODS,
        slot_start=start,
        slot_end=start + MINUTES,
        slot_rhythm=slots,
        venue_site=np.array([*range(city.num_schools), -1]),
        choice_activity=np.array(owner),
        choice_slot=np.array(slot),
        choice_venue=venue,
        choice_cost=np.zeros(len(owner), dtype=np.int64),
        choice_minutes=np.full(len(owner), MINUTES),
        choice_days=np.stack(rows),
        choice_cell_start=np.arange(len(owner) + 1),
        choice_cell=cell,
        cell_size=np.repeat(size[:, None], len(school_days), axis=1),
        cell_pool=np.repeat(np.arange(city.num_schools + 1), num_slots),
        travel=np.full((city.num_schools, city.num_schools), 60) * ~np.eye(city.num_schools, dtype=np.bool_),
        week=np.arange(len(school_days)) // 7,
        week_minutes=np.where(np.isin(teachers, sorted(mentors)), 2 * MINUTES, NO_LIMIT),
    )


def _school_days() -> BoolArray:
    days = [FIRST_DAY + timedelta(n) for n in range((LAST_DAY - FIRST_DAY).days + 1)]
    is_break = [any(first <= day <= last for first, last in BREAKS) or day in HOLIDAYS for day in days]
    return np.array([day.weekday() < 5 and not away for day, away in zip(days, is_break, strict=True)])


def _windows(school_days: BoolArray, number: int) -> IntArray:
    """Return the window of every day: the school days cut into equal parts, −1 outside."""
    total = int(school_days.sum())
    window = np.full(len(school_days), -1, dtype=np.int64)
    window[school_days] = np.arange(total) * number // total
    return window


def _free_slots(rng: Generator, city: City) -> BoolArray:
    """Return (teachers, slots): 18 to 29 of 40 lessons are taught, half of the 8 periods after them are taken."""
    free = np.zeros((city.num_schools * city.num_teachers, 5, NUM_PERIODS), dtype=np.bool_)
    for row in free:
        taught = np.zeros(40, dtype=np.bool_)
        taught[rng.choice(40, rng.integers(18, 30), replace=False)] = True
        row[:, :8] = ~taught.reshape(5, 8)
        row[:4, 8:] = rng.random((4, 2)) < 0.5
    return free.reshape(len(free), -1)


def _presence(rng: Generator, city: City, num_days: int) -> BoolArray:
    """Return (teachers, days): everybody is away one week."""
    present = np.ones((city.num_schools * city.num_teachers, num_days), dtype=np.bool_)
    for row, week in zip(present, rng.integers(0, num_days // 7, len(present)), strict=True):
        row[week * 7 : week * 7 + 7] = False
    return present


def _activities(rng: Generator, city: City, free: BoolArray) -> _Activities:
    """Draw mentors (at most three activities each) and the people they meet, who have a time in common."""
    teachers = [
        rng.permutation(np.arange(city.num_teachers) + s * city.num_teachers).tolist() for s in range(city.num_schools)
    ]
    num_mentors = 5
    led = {q: 0 for people in teachers for q in people[:num_mentors]}
    unled = [people[num_mentors:] for people in teachers]
    members: list[list[int]] = []
    is_online: list[bool] = []
    while len(members) < city.num_pairs + city.num_groups:
        is_pair = len(members) < city.num_pairs
        school = int(rng.integers(city.num_schools))
        mentor = teachers[school][int(rng.integers(num_mentors))]
        is_cross = is_pair and rng.random() < city.cross_share
        place = int(rng.integers(city.num_schools)) if is_cross else school
        # A mentee has one pair; people of groups may have a pair too.
        pool = unled[place] if is_pair else teachers[place][num_mentors:]
        size = 1 if is_pair else int(rng.integers(3, 6))
        if led[mentor] >= MOST_LED or len(pool) < size:
            continue
        group = rng.choice(pool, size, replace=False).tolist()
        if not free[[mentor, *group]].all(axis=0).any():
            continue
        led[mentor] += 1
        if is_pair:
            unled[place].remove(group[0])
        members.append([mentor, *group])
        is_online.append(place != school or (is_pair and rng.random() < city.online_share))
    return _Activities(members, is_online)


SECONDS, SEED = 120.0, 1
CITIES = {"city, 40 licences": City(), "city, all online, 8 licences": City(online_share=1.0, num_licences=8)}


def sessions_city() -> list[Row]:
    """Return the plans of a city of 860 activities, with plenty of licences and with too few."""
    return [row for name in CITIES for row in run_rows_apart(_measure, name)]


def _measure(name: str) -> list[Row]:
    problem = generate_city(CITIES[name], SEED)
    rows = level_rows(name, problem, solve_sessions(problem, time_limit=SECONDS))
    beside = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    return [replace(rows[0], note=f"{rows[0].note}; the process of the bounds {beside} MiB"), *rows[1:]]


TABLES = {"sessions_city": sessions_city}
