"""One session explained: why then, what else, what stands against other times."""

from __future__ import annotations

from matcher.impossible.beside import Beside, usual_time
from matcher.impossible.blocked import times_of
from matcher.impossible.session_reasons import BlockedTime, SessionReasons, UsualTime
from matcher.impossible.unplaced import MOST_SECONDS, as_unplaced, find_impossible
from matcher.impossible.words import ON_WEEKDAYS, Words, clock, days_words, distinct, listed
from matcher.impossible.world import Scene
from matcher.judge.schedule.diary import Diary
from matcher.plan import Plan
from matcher.sessions.schedule import PlannedSession, Schedule, SessionState
from matcher.texts import Text, text, text_n


def explain_session(plan: Plan, session_id: str, *, time_limit: float = MOST_SECONDS) -> SessionReasons:
    """Return why a session is when it is, or why it has no place.

    Parameters
    ----------
    session_id
        Activity and number: "M-3:N-8/4".
    time_limit
        Seconds for the reasons of an activity whose session has no place.

    Raises
    ------
    KeyError
        When the plan wants no such session.
    ValueError
        When the plan has no schedule.
    """
    scene = Scene.of(plan)
    assert plan.schedule is not None
    assert plan.timetables is not None
    id_, number = _split(scene, session_id)
    words = Words(scene.world)
    session = next((one for one in scene.sessions[id_] if one.number == number), None)
    beside = Beside.of(scene, id_, number)
    diary = Diary.of(plan.schedule, plan.roster, plan.policy, plan.timetables)
    times = times_of(beside, diary, words)
    usual = usual_time(scene.sessions[id_])
    unplaced = None
    if session is None:
        unplaced = as_unplaced(scene, find_impossible(scene, id_, time_limit=time_limit))
    return SessionReasons(
        id=session_id,
        activity=id_,
        number=number,
        window=scene.world.activities[id_].windows[number - 1],
        session=session,
        usual=usual,
        why=() if session is None else tuple(_why(scene, session, usual, times)),
        num_times=sum(len(time.days) for time in times),
        num_free=sum(len(time.days) for time in times if not time.blocks),
        next_best=beside.next_best(session),
        times=times,
        unplaced=unplaced,
    )


def is_wanted(schedule: Schedule, session_id: str) -> bool:
    """Return whether a schedule wants a session of this id."""
    id_, _, number = session_id.rpartition("/")
    wanted = {activity.id: activity.wanted for activity in schedule.activities}
    return number.isdecimal() and 1 <= int(number) <= wanted.get(id_, 0)


def _split(scene: Scene, session_id: str) -> tuple[str, int]:
    id_, _, number = session_id.rpartition("/")
    if id_ not in scene.world.activities or not number.isdecimal():
        raise KeyError(session_id)
    if not 1 <= int(number) <= scene.world.activities[id_].wanted:
        raise KeyError(session_id)
    return id_, int(number)


def _why(scene: Scene, session: PlannedSession, usual: UsualTime | None, times: tuple[BlockedTime, ...]) -> list[Text]:
    """Return the reasons of a placed session, the strongest first."""
    activity = scene.world.activities[session.activity]
    window = activity.windows[session.number - 1]
    found: list[Text] = []
    if session.state is SessionState.HELD:
        found.append(text("it has been held"))
    elif session.state is SessionState.PUBLISHED:
        found.append(text("it is published: it moves only where others are helped by it"))
    if usual is not None and usual.num_placed > 1:
        told = {"day": ON_WEEKDAYS[usual.weekday - 1], "time": clock(usual.start_minute)}
        if (session.day.isoweekday(), session.start_minute) == (usual.weekday, usual.start_minute):
            found.append(
                text_n(
                    "it keeps to the usual time of these people, {day} at {time}: {count} meeting of {all}",
                    "it keeps to the usual time of these people, {day} at {time}: {count} meetings of {all}",
                    count=usual.num_sessions,
                    all=usual.num_placed,
                    **told,
                )
            )
        else:
            found += _not_as_usual(usual, times, told)
    span = days_words(window.first_day, window.last_day)
    found.append(text("session {number} of {wanted} belongs to {span}", number=session.number, wanted=activity.wanted,
                      span=span))  # fmt: skip
    if session.checkpoint:
        found.append(text("it is a checkpoint: about a third or two thirds of the term are over"))
    return found


def _not_as_usual(usual: UsualTime, times: tuple[BlockedTime, ...], told: dict[str, object]) -> list[Text]:
    """Return why a session is not at the usual time of its people."""
    there = [t for t in times if (t.weekday, t.start_minute) == (usual.weekday, usual.start_minute)]
    blocks = distinct(block for time in there for block in time.blocks)
    if blocks:
        what = listed(blocks, separator="; ")
        return [text("the usual time of these people, {day} at {time}, is not free: {what}", what=what, **told)]
    return [text("the usual time of these people is {day} at {time}; another was taken", **told)]
