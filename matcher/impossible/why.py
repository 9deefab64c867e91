"""Why sessions have no place: facts first, then the activity's other sessions, then those of other pairs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from matcher.impossible.element import Element, ElementKind
from matcher.impossible.facts import facts_of, frame_of, in_order
from matcher.impossible.finding import Finding, Grounds
from matcher.impossible.part import Want, sessions_in, span_of, want_of
from matcher.impossible.question import Deadline, Question, TimeUp
from matcher.impossible.rivals import online_beside, rivals_of, want_in, with_rooms_taken
from matcher.impossible.shrink import is_irreducible, shrink
from matcher.impossible.steady import steady
from matcher.impossible.world import Scene, narrowed
from matcher.sessions.schedule import SessionState

_NEIGHBOURS = 1
"""So many sessions before and after one are looked at first."""
_FRAME = (ElementKind.DAYS_OFF, ElementKind.HOURS, ElementKind.VISITED)


def find_reasons(scene: Scene, id_: str, deadline: Deadline) -> tuple[tuple[Finding, ...], tuple[int, ...]]:
    """Return the findings of an activity's missing sessions, and the numbers for which time ran out."""
    found: list[Finding] = []
    missing = scene.missing(id_)
    for at, number in enumerate(missing):
        try:
            one = reason_of(scene, id_, number, deadline, found)
        except TimeUp:
            return tuple(found), missing[at:]
        found = _with(found, one)
    return tuple(found), ()


def reason_of(scene: Scene, id_: str, number: int, deadline: Deadline, found: Sequence[Finding] = ()) -> Finding:
    """Return why one session has no place; where findings of other sessions say why, the same.

    Raises
    ------
    TimeUp
        When the time did not suffice to say.
    """
    same = _same(scene, id_, number, found, deadline)
    if same is not None:
        return same
    alone = alone_question(scene, id_, number, deadline)
    if not alone.is_possible(frozenset()):
        return _framed(alone)
    everywhere = (_NEIGHBOURS, scene.world.activities[id_].wanted)
    planned = [planned_question(scene, id_, number, deadline, reach=reach) for reach in everywhere]
    blocked = next((one for one in planned if not one.is_possible(frozenset(one.elements))), None)
    if blocked is None:
        return Finding(activity=id_, numbers=(number,), grounds=Grounds.OPEN, elements=())
    for reach in everywhere:
        alone = alone_question(scene, id_, number, deadline, reach=reach)
        if not alone.is_possible(frozenset(alone.elements)):
            return _finding(alone, Grounds.OWN, found)
    for rivals in rivals_of(scene, id_, number):
        together = together_question(scene, id_, number, rivals, deadline)
        if not together.is_possible(frozenset(together.elements)):
            return _finding(together, Grounds.TOGETHER, found)
    return _finding(blocked, Grounds.AS_PLANNED, found)


def alone_question(scene: Scene, id_: str, number: int, deadline: Deadline, *, reach: int = _NEIGHBOURS) -> Question:
    """Return the question about a session and those of its activity before and after, all others thought away."""
    span = span_of(scene, [want_of(scene, id_, [number])])
    own = [session for session in scene.sessions[id_] if abs(session.number - number) <= reach]
    if own:
        span = span_of(scene, [want_of(scene, id_, [number, *(session.number for session in own)])])
    wants = [want_of(scene, id_, [number, *(session.number for session in own)])]
    world = steady(narrowed(scene, [id_], [id_]), wants, span.first_day, span.last_day)
    beside = [Element(kind=ElementKind.SESSION, subject=id_, number=session.number) for session in own]
    return Question(
        scene=scene,
        world=world,
        activity=id_,
        number=number,
        elements=tuple(in_order([*facts_of(world, id_, span), *beside])),
        span=span,
        deadline=deadline,
        own={session.number: (session,) for session in own if session.state is SessionState.HELD},
    )


def together_question(scene: Scene, id_: str, number: int, rivals: Mapping[str, Want], deadline: Deadline) -> Question:
    """Return the question about a session and those of other activities, which may lie anywhere."""
    alone = alone_question(scene, id_, number, deadline)
    own = [one.number for one in alone.elements if one.kind is ElementKind.SESSION and one.number is not None]
    pairs = [Element(kind=ElementKind.PAIR, subject=other) for other in rivals]
    wants = [want_of(scene, id_, [number, *own]), *rivals.values()]
    span = span_of(scene, wants)
    world = narrowed(scene, [id_, *rivals], [id_, *rivals])
    return replace(
        alone,
        world=steady(world, wants, span.first_day, span.last_day),
        span=span,
        rivals=rivals,
        elements=tuple(in_order([*alone.elements, *pairs])),
        known={},
    )


def planned_question(scene: Scene, id_: str, number: int, deadline: Deadline, *, reach: int = _NEIGHBOURS) -> Question:
    """Return the question about a session while all other activities stay where they are planned."""
    alone = alone_question(scene, id_, number, deadline, reach=reach)
    first, last = alone.span.first_day, alone.span.last_day
    people = {other: sessions_in(scene, other, first, last) for other in scene.companions(id_)}
    people = {other: sessions for other, sessions in people.items() if sessions}
    online = online_beside(scene, id_, first, last)
    world = narrowed(scene, [id_, *people], [id_])
    world = world.change(id_, alone.world.activities[id_])
    pairs = [Element(kind=ElementKind.PAIR, subject=other) for other in people]
    return replace(
        alone,
        world=with_rooms_taken(scene, world, {id_, *people}, first, last),
        standing=people,
        online=[session for other, sessions in online.items() if other not in people for session in sessions],
        elements=tuple(in_order([*alone.elements, *pairs])),
        known={},
    )


def question_of(scene: Scene, finding: Finding, number: int, deadline: Deadline) -> Question:
    """Return the question that a finding answers for one of its sessions."""
    id_ = finding.activity
    beside = [one.number for one in finding.elements if one.kind is ElementKind.SESSION and one.number is not None]
    reach = max((abs(number - other) for other in beside), default=1)
    if finding.grounds is Grounds.TOGETHER:
        window = scene.world.activities[id_].windows[number - 1]
        pairs = [one.subject for one in finding.elements if one.kind is ElementKind.PAIR]
        rivals = {other: want_in(scene, other, window.first_day, window.last_day) for other in pairs}
        return together_question(scene, id_, number, rivals, deadline)
    if finding.grounds is Grounds.OWN:
        return alone_question(scene, id_, number, deadline, reach=reach)
    return planned_question(scene, id_, number, deadline, reach=reach)


def _framed(question: Question) -> Finding:
    """Return the reason of a session that has no place even without all facts: days off and hours of the day."""
    frame = frame_of(question.world, question.activity)
    framed = replace(question, elements=(*question.elements, *frame), known={})
    if framed.is_possible(frozenset()):
        elements = shrink(frame, framed.is_possible)
    else:
        activity = question.world.activities[question.activity]
        elements = (Element(kind=ElementKind.VISITED, subject=activity.mentees[0] if activity.mentees else ""),)
    return Finding(
        activity=question.activity, numbers=(question.number,), grounds=Grounds.OWN, elements=elements
    )  # fmt: skip


def _same(scene: Scene, id_: str, number: int, found: Sequence[Finding], deadline: Deadline) -> Finding | None:
    """Return a proved finding of another session whose elements hold for this one too, and none of them in vain."""
    for one in sorted(found, key=lambda one: one.grounds is not Grounds.OWN):
        is_proved = one.grounds in (Grounds.OWN, Grounds.TOGETHER) and all(e.number is None for e in one.elements)
        if is_proved and one.elements and all(e.kind not in _FRAME for e in one.elements):
            question = question_of(scene, one, number, deadline)
            if set(one.elements) <= set(question.elements) and is_irreducible(one.elements, question.is_possible):
                return replace(one, numbers=(number,))
    return None


def _finding(question: Question, grounds: Grounds, found: Sequence[Finding]) -> Finding:
    """Return why a session has no place: as one told already where its elements hold here too, none in vain."""
    told = Finding(activity=question.activity, numbers=(question.number,), grounds=grounds, elements=())
    for one in found:
        is_new = one.grounds is Grounds.AS_PLANNED is grounds and set(one.elements) <= set(question.elements)
        if is_new and is_irreducible(one.elements, question.is_possible):
            return replace(told, elements=one.elements)
    return replace(told, elements=shrink(question.elements, question.is_possible))


def _with(found: Sequence[Finding], one: Finding) -> list[Finding]:
    """Return the findings with one more; those of the same elements are one."""
    for at, other in enumerate(found):
        if (other.grounds, other.elements) == (one.grounds, one.elements):
            joined = replace(other, numbers=tuple(sorted((*other.numbers, *one.numbers))))
            return [*found[:at], joined, *found[at + 1 :]]
    return [*found, one]
