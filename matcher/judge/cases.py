"""Planned pairs as cases to judge, and pairs nobody has planned as they would be."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from matcher.judge.choices import Case, accepts_kind, choose_form, choose_kind, choose_model, minutes_of
from matcher.judge.facts import Facts, Sides
from matcher.judge.pair_rules import broken_rules, new_needs, teaches_new
from matcher.judge.words import word
from matcher.outcome import Violation
from matcher.plan import PlannedPair
from matcher.policy import TOPIC_BLOCK
from matcher.roster import CompetenceBlock, MentoringForm, MentoringKind, Topic
from matcher.texts import Text, text


def refusals(facts: Facts, mentor_id: str, mentee_id: str) -> tuple[Violation, ...]:
    """Return what forbids the two from being paired anew: alone, in a group, in a reverse pair; empty when they may."""
    alone = _broken(propose(facts, mentor_id, mentee_id))
    if not alone or not _broken(propose(facts, mentor_id, mentee_id, seat=True)):
        return ()
    return () if _may_reverse(facts, mentor_id, mentee_id) or _may_counter(facts, mentor_id, mentee_id) else alone


def _broken(case: Case | Violation) -> tuple[Violation, ...]:
    return (case,) if isinstance(case, Violation) else broken_rules(replace(case, is_locked=False))


def _may_reverse(facts: Facts, mentor_id: str, mentee_id: str) -> bool:
    return not _broken(_as_reverse(facts, mentor_id, mentee_id))


def _may_counter(facts: Facts, mentor_id: str, mentee_id: str) -> bool:
    """Return whether the pair may be the counter-assignment of a reverse pair, with anything but the new (A-31).

    The reverse pair may be that of a second mentor (HR-04), whoever the first one is. A pair fixed as a reverse one is
    one by itself.
    """
    if mentee_id not in facts.mentors or mentor_id not in facts.mentees:
        return False
    case, back = _as_reverse(facts, mentor_id, mentee_id), _as_reverse(facts, mentee_id, mentor_id)
    if isinstance(case, Violation) or isinstance(back, Violation) or not teaches_new(back.sides):
        return False
    lock = case.sides.lock
    if (lock is not None and lock.kind is MentoringKind.REVERSE) or set(case.sides.covered()) <= new_needs(case.sides):
        return False
    stands = all(broken.rule == "HR-04" for broken in _broken(back))
    return stands and not _broken(replace(case, has_counter=True))


def _as_reverse(facts: Facts, mentor_id: str, mentee_id: str) -> Case | Violation:
    """Return the pair as a reverse one."""
    sides = Sides.of(facts, mentor_id, mentee_id)
    form = choose_form(sides)
    if form is None:
        return Violation("HR-03", sides.ids, text("no form of the regulation fits the two"))
    return Case(sides=sides, form=form, model=choose_model(sides, form), kind=MentoringKind.REVERSE)


def seat_refusals(
    facts: Facts, mentor_id: str, mentee_id: str, topic: Topic, subject: str | None
) -> tuple[Violation, ...]:
    """Return what forbids the mentee a new seat in the mentor's group on a theme; empty when nothing does."""
    case = propose(facts, mentor_id, mentee_id, seat=True)
    if isinstance(case, Violation) or covered_on(case.sides, topic, subject):
        return _broken(case)
    return (*_broken(case), Violation("HR-04", case.sides.ids, _OFF_THEME))


_OFF_THEME = text("the theme of the group is not what the mentee asks for and the mentor covers")


def propose(facts: Facts, mentor_id: str, mentee_id: str, *, seat: bool = False) -> Case | Violation:
    """Return the pair with form, model and kind by 9.7, or the reason why it has none."""
    sides = Sides.of(facts, mentor_id, mentee_id)
    form = choose_form(sides)
    if form is None:
        return Violation("HR-03", sides.ids, text("no form of the regulation fits the two"))
    kind = MentoringKind.GROUP if seat else choose_kind(sides)
    if kind is None or (seat and not accepts_kind(sides, kind)):
        return Violation("C-05", sides.ids, text("there is no kind both accept and the regulation allows"))
    return Case(
        sides=sides,
        form=form,
        model=choose_model(sides, form),
        kind=kind,
        is_seat=seat,
        is_locked=_runs_so(sides, form, kind),
    )


def _runs_so(sides: Sides, form: MentoringForm, kind: MentoringKind) -> bool:
    """Return whether the two are fixed in this form and kind."""
    lock = sides.lock
    if lock is None or lock.form not in (None, form):
        return False
    return kind is (lock.kind or choose_kind(sides) or MentoringKind.GROUP)


def covered_on(sides: Sides, topic: Topic, subject: str | None) -> bool:
    """Return whether the mentor covers a request of the mentee on a theme, or a gap of its block without a subject."""
    least = sides.policy.thresholds.min_level
    wanted = [r for r in sides.requests() if r.topic is topic and _same(sides, r.subject, subject)]
    if any(sides.covers_request(request, least) for request in wanted):
        return True
    block = CompetenceBlock.NORMATIVE_LEGAL if topic is Topic.OTHER else TOPIC_BLOCK[topic]
    return subject is None and any(sides.covers_gap(gap) for gap in sides.gaps() if gap.competence is block)


def _same(sides: Sides, subject_a: str | None, subject_b: str | None) -> bool:
    if subject_a is None or subject_b is None:
        return subject_a is subject_b
    return sides.facts.same_subject(subject_a, subject_b)


def as_planned(facts: Facts, pair: PlannedPair) -> Case:
    """Return a planned pair as a case, with the form, model and kind the plan states.

    Raises
    ------
    KeyError
        When the roster does not have one of the two.
    """
    return Case(
        sides=Sides.of(facts, pair.mentor, pair.mentee),
        form=pair.form,
        model=pair.model,
        kind=pair.kind,
        is_seat=pair.group is not None,
        has_counter=pair.counter,
        is_locked=pair.locked,
    )


def misstatements(case: Case, pair: PlannedPair) -> Iterator[Text]:
    """Yield what the plan states of a pair otherwise than the roster and the regulation do (9.7)."""
    sides = case.sides
    form = choose_form(sides)
    facts: list[tuple[Text, object, object]] = [
        (text("form"), pair.form, form),
        (text("role model"), pair.model, choose_model(sides, form or MentoringForm.TEACHER_TEACHER)),
        (text("kind"), pair.kind, _kind_due(case)),
        (text("contour"), pair.contour, sides.contour),
        (text("minutes"), pair.minutes, minutes_of(case)),
    ]
    for name, stated, due in facts:
        if stated != due:
            yield text("{name}: stated {stated}, due {due}", name=name, stated=word(stated), due=word(due))
    covered = set(sides.covered())
    stated = set(pair.covers)
    # A group works on its theme, a reverse pair on the new or on the rest: parts of what the mentor covers.
    is_part = case.is_seat or case.kind is MentoringKind.REVERSE
    if not (stated <= covered if is_part else stated == covered):
        yield text(
            "covers: stated {stated}, due {due}", stated=", ".join(sorted(stated)), due=", ".join(sorted(covered))
        )


def _kind_due(case: Case) -> MentoringKind | None:
    """Return the kind 9.7 gives; that a pair is a reverse one or a seat is decided by the pairing."""
    if case.is_seat:
        return MentoringKind.GROUP
    return MentoringKind.REVERSE if case.kind is MentoringKind.REVERSE else choose_kind(case.sides)
