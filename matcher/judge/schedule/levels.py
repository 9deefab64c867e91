"""The bounds of a schedule found anew without a solver: by counting common hours, and from the prices it keeps.

The certificate speaks of a problem, and this is built anew from the plan's inputs by the same code that built it for
the search (:mod:`matcher.scheduling.build`). The rules stay a reading of their own: whatever they think of a session,
the certificate counts only where the problem allows all sessions of the plan.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from matcher.judge.schedule.diary import Diary
from matcher.judge.schedule.possible import most_sessions
from matcher.judge.schedule.verdict import live_sessions, missing_sessions, rhythm_of
from matcher.outcome import Proof, Violation
from matcher.plan import Plan
from matcher.scheduling.build import SessionCase, build_sessions
from matcher.scheduling.prices import certificate_of
from matcher.sessions.schedule import ActivityPurpose, Schedule, ScheduleCertificate, SessionState
from matcher.texts import Text, text
from matcher.timetables import Timetables


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleCheck:
    """One level of a schedule: what it states, what was counted, and bounds found anew without a solver.

    ``counted_bound`` comes from counting common hours, ``certified_bound`` from the prices the plan keeps: None where
    it keeps none, or where they prove nothing, and ``trouble`` then says why. ``is_proved_above`` says that the levels
    above are proved, if only by search, so that a bound that meets the value makes this schedule best.
    """

    name: str
    stated_value: int
    value: int
    stated_bound: int | None
    proof: Proof | None
    counted_bound: int
    certified_bound: int | None = None
    trouble: Text | None = None
    is_proved_above: bool = True

    @property
    def bound(self) -> int:
        """Return the better of the bounds found anew."""
        return max(self.counted_bound, 0 if self.certified_bound is None else self.certified_bound)

    @property
    def is_certified(self) -> bool:
        """Return whether the prices prove that no schedule does better."""
        return self.certified_bound == self.value and self.is_proved_above

    @property
    def is_best(self) -> bool:
        """Return whether a bound found anew proves that no schedule does better."""
        return self.bound == self.value


def schedule_checks(plan: Plan) -> tuple[ScheduleCheck, ...]:
    """Return the levels of a schedule that can be checked here: sessions missing, and rhythm.

    By counting alone: no schedule places more sessions of an activity than it has windows with a common time; and
    whatever has sessions meets on one weekday and hour at least, which is all but the activities that could be left
    out altogether without missing more sessions than here.
    """
    schedule, timetables = plan.schedule, plan.timetables
    if schedule is None or timetables is None:
        return ()
    counted = _counted_bounds(plan, schedule, timetables)
    values = {"missing": missing_sessions(schedule), "rhythm": rhythm_of(schedule)}
    certified = _certified_bounds(plan, schedule, timetables)
    found: list[ScheduleCheck] = []
    is_proved_above = True
    for level in schedule.levels:
        if level.name in values:
            bound = certified.get(level.name)
            check = ScheduleCheck(
                name=level.name,
                stated_value=level.value,
                value=values[level.name],
                stated_bound=level.bound,
                proof=level.proof,
                counted_bound=counted[level.name],
                certified_bound=bound if isinstance(bound, int) else None,
                trouble=bound if isinstance(bound, Text) else None,
                is_proved_above=is_proved_above,
            )
            found.append(check)
            is_proved_above &= check.is_best or level.proof is not None
        else:
            is_proved_above &= level.proof is not None
    return tuple(found)


def stated_otherwise(checks: Sequence[ScheduleCheck]) -> Iterator[Violation]:
    """Yield the bounds and proofs that are not what the prices of the plan give; without prices there are none."""
    for level in checks:
        if level.trouble is not None:
            yield Violation("certificate", (level.name,), level.trouble)
        if level.certified_bound is None:
            continue
        is_searched = level.proof is Proof.SOLVER and level.certified_bound <= level.value == level.stated_bound
        if level.certified_bound != level.stated_bound and not is_searched:
            message = text("no bound is stated, the prices give {bound}", bound=level.certified_bound)
            if level.stated_bound is not None:
                given = {"stated": level.stated_bound, "bound": level.certified_bound}
                message = text("the bound stated is {stated}, the prices give {bound}", **given)
            yield Violation("bound", (level.name,), message)
        if level.proof is Proof.CERTIFICATE and not level.is_certified:
            yield Violation("proof", (level.name,), text("a certificate is claimed that does not prove the value"))


def _counted_bounds(plan: Plan, schedule: Schedule, timetables: Timetables) -> dict[str, int]:
    diary = Diary.of(schedule, plan.roster, plan.policy, timetables)
    short = {found.activity for found in schedule.unplaced}
    never = sum(
        activity.wanted - most_sessions(diary, activity) for activity in schedule.activities if activity.id in short
    )
    wanted = sorted(a.wanted for a in schedule.activities if a.wanted and a.purpose is not ActivityPurpose.RESERVE)
    missing = missing_sessions(schedule)
    out = sum(total <= missing for total in accumulate(wanted))
    return {"missing": never, "rhythm": len(wanted) - out}


def _certified_bounds(plan: Plan, schedule: Schedule, timetables: Timetables) -> Mapping[str, int | Text]:
    """Return the bound of every level that the plan keeps prices of, or why they prove none."""
    if not schedule.certificates:
        return {}
    state = {session.id: session.state for session in schedule.sessions}
    if any(state.get(id_) is not SessionState.HELD for id_ in schedule.held):
        invented = text("sessions count as held that are not marked so")
        return {named.level: invented for named in schedule.certificates}
    case = _case(plan, schedule, timetables)
    missing = missing_sessions(schedule)
    return {named.level: _certified_bound(case, named, missing) for named in schedule.certificates}


def _case(plan: Plan, schedule: Schedule, timetables: Timetables) -> SessionCase:
    """Return the problem that the sessions of a plan were planned by, made from its inputs.

    Sessions that were held when it was planned are fixed; whether the others are possible is told by ``lost``.
    """
    held = set(schedule.held)
    live = live_sessions(schedule)
    return build_sessions(
        schedule.activities,
        plan.roster,
        plan.policy,
        timetables,
        first_day=schedule.first_day,
        last_day=schedule.last_day,
        published=[session for session in live if session.id not in held],
        held=[session for session in live if session.id in held],
    )


def _certified_bound(case: SessionCase, named: ScheduleCertificate, missing: int) -> int | Text:
    if case.lost:
        return text("the prices are of a problem that does not allow {session}", session=case.lost[0].id)
    if named.level == "rhythm" and missing > named.allowed:
        told = {"allowed": named.allowed, "missing": missing}
        return text("the prices speak of plans that miss at most {allowed}, this one misses {missing}", **told)
    try:
        return certificate_of(case, named).bound(case.problem)
    except ValueError:
        return text("the prices prove no bound")
