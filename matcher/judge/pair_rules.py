"""The hard rules on one pair, one function each (requirements 9.2). A function yields a sentence for every breach."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import timedelta

from matcher.judge.choices import Case, fits_form, holds_model
from matcher.judge.facts import Sides, full_months
from matcher.judge.pupil_rules import (
    experienced_for_risk,
    fit_for_ovz,
    old_enough,
    senior_pupil,
    tutor_for_gifted,
)
from matcher.judge.words import word
from matcher.outcome import Violation
from matcher.policy import PUPIL_FORMS
from matcher.policy_parts import Rule
from matcher.policy_words import KindStanding, ModelsRequired, Severity
from matcher.roster import (
    Approval,
    CompetenceBlock,
    Contour,
    LockStatus,
    MentoringKind,
    MentorSource,
    MentorStatus,
    PersonKind,
    Qualification,
    Recommendation,
    Topic,
)
from matcher.texts import Text, text

Found = Iterator[Text]


def not_oneself(case: Case) -> Found:
    """HR-01: nobody mentors himself."""
    if case.sides.mentor.person == case.sides.mentee.person:
        yield text("a person is paired with himself or herself")


def not_accompanied(case: Case) -> Found:
    """HR-01: the two are not together already, the mentor on call after the end of their programme (DAL 3.3.6)."""
    if case.sides.facts.has_lock(*case.sides.ids, LockStatus.AFTERCARE):
        yield text("the mentor is still on call for the mentee after their programme")


def willing(case: Case) -> Found:
    """HR-02, voluntary part (C-03): no veto, nobody has left or withdrawn, the mentor is ready. Never lifted."""
    sides = case.sides
    mentor, mentee = sides.ids
    if (mentor, mentee) in sides.facts.vetoes or (mentee, mentor) in sides.facts.vetoes:
        yield text("one side has refused the other")
    if not sides.mentor.ready:
        yield text("the mentor is not ready")
    if sides.mentor.status is MentorStatus.LEFT:
        yield text("the mentor has left")
    if {*sides.ids} & sides.facts.withdrawn:
        yield text("a consent to mentoring has ended")


def approved(case: Case) -> Found:
    """HR-02: the mentor is approved and not paused, and has the approvals the policy asks for in this form."""
    sides = case.sides
    if sides.mentor.status in (MentorStatus.NOMINATED, MentorStatus.PAUSED):
        yield text("the mentor is not available: {status}", status=word(sides.mentor.status))
    if not sides.policy.asks_approval_in(case.form):
        return
    for approval in sides.policy.approvals.mentor:
        if not _has_approval(sides, approval):
            yield text("the mentor lacks {approval}", approval=word(approval))


def _has_approval(sides: Sides, approval: Approval) -> bool:
    if approval in sides.mentor.approvals:
        return True
    if approval is Approval.RESULTS_CONFIRMED:
        return sides.mentor.results_confirmed
    if approval is Approval.COMPETENCE_LEVEL:
        return any(level >= sides.policy.thresholds.min_level for level in sides.mentor.levels.values())
    return False


def form_fits(case: Case) -> Found:
    """HR-03: the form is allowed and both persons fit its sides; the organisation belongs to the round."""
    sides = case.sides
    if not fits_form(sides, case.form):
        yield text("the form {form} does not fit the two", form=word(case.form))
    types = sides.policy.organisation_types
    if types and sides.mentee_organisation.type not in types:
        yield text("the regulation does not cover the mentee's organisation")


def covers_need(case: Case) -> Found:
    """HR-04: a priority-1 request, or without one a gap, at the level asked; teacher forms only."""
    if case.form not in PUPIL_FORMS and not covers_main_need(case.sides):
        yield text("the mentor covers none of the mentee's most urgent requests")


def covers_main_need(sides: Sides) -> bool:
    """Return whether the mentor covers a priority-1 request or, where there is none, a gap (HR-04)."""
    return bool(main_needs(sides))


def is_first(case: Case, covers: Iterable[str]) -> bool:
    """Return whether a pair that covers these needs may be the mentee's first, or only one (HR-04)."""
    sides = case.sides
    if case.form in PUPIL_FORMS or not sides.policy.rule("HR-04").on or sides.facts.is_lifted("HR-04", *sides.ids):
        return True
    return case.is_locked or not main_needs(sides).isdisjoint(covers)


def main_needs(sides: Sides) -> set[str]:
    """Return the names of the needs HR-04 asks for, as far as the mentor covers them at its level."""
    asked = sides.policy.rule("HR-04").number("min_mentor_level")
    least = max(asked, sides.policy.thresholds.min_level)
    first = min((wanted.priority for wanted in sides.requests()), default=None)
    if first == 1 or not sides.gaps():
        # Who states neither a priority-1 request nor a gap is asked for the most urgent of his requests.
        urgent = [(at, r) for at, r in enumerate(sides.mentee.requests) if r.priority == first]
        return {f"request:{at}" for at, wanted in urgent if sides.covers_request(wanted, least)}
    gaps = [gap for gap in sides.gaps() if sides.covers_gap(gap) and sides.level(gap.competence) >= asked]
    return {f"deficit:{gap.competence}" for gap in gaps}


def model_holds(case: Case) -> Found:
    """HR-05: the conditions of the model hold; a model where the policy or the mentee asks for one."""
    sides = case.sides
    required = sides.policy.models_required
    if required in (ModelsRequired.FREE, ModelsRequired.NONE):
        return
    wanted = sides.mentee.model
    if required is ModelsRequired.ONE and case.model is None:
        yield text("no role model fits the two, and one is required")
    elif wanted is not None and case.model is not wanted:
        yield text("the mentee asks for the role model {model}, which does not hold", model=word(wanted))
    if case.model is None:
        return
    rule = next((model for model in sides.policy.models if model.id is case.model), None)
    if rule is None or rule.form is not case.form:
        yield text("the role model {model} does not belong to the form", model=word(case.model))
    elif not holds_model(sides, rule):
        yield text("the conditions of the role model {model} do not hold", model=word(case.model))


def one_mentee_alone(case: Case) -> Found:
    """HR-07: the traditional kind has exactly one mentee; a class is no larger than the policy allows."""
    school_class = case.sides.mentee_class
    if school_class is None:
        return
    if case.kind is MentoringKind.TRADITIONAL:
        yield text("the traditional kind has exactly one mentee")
    most = case.sides.policy.load.class_group_max
    if school_class.size is not None and school_class.size > most:
        yield text("the class has {size} pupils, {most} are allowed", size=school_class.size, most=most)


def younger_teaches_new(case: Case) -> Found:
    """HR-08: in a reverse pair the younger one teaches digital technologies; a counter-assignment goes with another."""
    lock = case.sides.lock
    is_reverse = MentoringKind.REVERSE in (case.kind, None if lock is None else lock.kind)
    if is_reverse and not case.has_counter and not teaches_new(case.sides):
        yield text("in a reverse pair the younger one teaches the older one digital technologies")


def teaches_new(sides: Sides) -> bool:
    """Return whether the mentor is the younger one and covers a digital request or a digital gap."""
    mentor_age = sides.facts.age(sides.mentor_person)
    mentee_age = None if sides.mentee_person is None else sides.facts.age(sides.mentee_person)
    if mentor_age is None or mentee_age is None or mentor_age >= mentee_age:
        return False
    return bool(new_needs(sides))


def new_needs(sides: Sides) -> set[str]:
    """Return the names of the covered digital requests and gaps: all that a reverse pair works on."""
    asked = {f"request:{at}" for at, wanted in enumerate(sides.mentee.requests) if wanted.topic is Topic.DIGITAL}
    return (asked | {f"deficit:{CompetenceBlock.DIGITAL}"}) & set(sides.covered())


def higher_level(case: Case) -> Found:
    """HR-09: at a speed meeting the mentor's level is higher (A-32)."""
    if case.kind is not MentoringKind.SPEED:
        return
    sides = case.sides
    theirs = Qualification.NONE if sides.mentee_person is None else sides.mentee_person.qualification
    titled = bool(sides.mentor_person.titles)
    named = sides.mentor.source in (MentorSource.MUNICIPAL_BEST, MentorSource.REGIONAL_BEST)
    if not (sides.mentor_person.qualification.rank > theirs.rank or titled or named):
        yield text("at a speed meeting the mentor's level must be higher than the mentee's")


def contour_allowed(case: Case) -> Found:
    """HR-15: the regulation reaches so far, the mentor is ready to, and a contract stands where one is needed."""
    sides = case.sides
    if sides.policy.contour_step(sides.contour, sides.place) is None:
        yield text("the regulation does not reach the contour {contour}", contour=word(sides.contour))
    elif sides.mentor.contours and not _distances(sides) & set(sides.mentor.contours):
        yield text("the mentor does not work in the contour {contour}", contour=word(sides.contour))
    if needs_contract(sides) and not has_contract(sides):
        yield text("no contract between the mentee's organisation and the mentor's")


def _distances(sides: Sides) -> set[Contour]:
    """Return the names the distance goes by: its class, its place, and the class the policy counts it as (note 3)."""
    step = sides.policy.contour_step(sides.contour, sides.place)
    counted = set() if step is None else {sides.policy.contours.order[step]}
    return {sides.contour, sides.place} | counted


def needs_contract(sides: Sides) -> bool:
    """Return whether the policy forbids this pair without a contract."""
    rule = sides.policy.rule("HR-15")
    if rule.params.get("contract") != "hard" or sides.place is Contour.ORGANISATION:
        return False
    if rule.word("contract_for") == "outside" or sides.mentor_person.person_kind is PersonKind.PARTNER:
        return True
    return sides.mentor.source in (MentorSource.EMPLOYER, MentorSource.SOCIAL_PARTNER)


def has_contract(sides: Sides) -> bool:
    """Return whether a contract between the two organisations holds at some time in the year from the reference day."""
    day = sides.facts.reference_day
    return any(
        contract.organisation == sides.mentee_organisation.id
        and contract.partner == sides.mentor_organisation.id
        and (contract.start_day is None or contract.start_day <= day + timedelta(days=365))
        and (contract.end_day is None or day <= contract.end_day)
        for contract in sides.facts.contracts
    )


def term_left(case: Case) -> Found:
    """HR-16: a running pair has not used up the longest term, unless it was prolonged."""
    lock = case.sides.lock if case.is_locked else None
    if lock is None or lock.since is None or lock.status is LockStatus.PROLONGED:
        return
    most = case.sides.policy.programme.months.max
    if full_months(lock.since, case.sides.facts.reference_day) >= most:
        yield text("the programme has lasted {most} months already and was not prolonged", most=most)


def not_forbidden(case: Case) -> Found:
    """HR-22: the council has not forbidden the pair."""
    if case.sides.facts.has_lock(*case.sides.ids, LockStatus.FORBIDDEN):
        yield text("the council has forbidden this pair")


def psychologist_agrees(case: Case) -> Found:
    """HR-24: the psychologist does not advise against the pair, or the curator has said why it may be."""
    mark = case.sides.facts.compatibility.get(case.sides.ids)
    if mark is None or mark.recommendation is not Recommendation.NOT_RECOMMENDED:
        return
    if not mark.override_reason:
        yield text("the psychologist advises against this pair")


def kind_allowed(case: Case) -> Found:
    """C-05: the policy allows the kind and knows its pattern, and both sides accept it."""
    sides = case.sides
    if sides.policy.kind_standing(case.kind) is KindStanding.REFUSED or case.kind not in sides.policy.patterns:
        yield text("the regulation does not allow the kind {kind}", kind=word(case.kind))
    if any(side.kinds and case.kind not in side.kinds for side in (sides.mentor, sides.mentee)):
        yield text("one side does not accept the kind {kind}", kind=word(case.kind))


#: The rules on one pair in order of their ids; C-05 and the rules of NEVER_LIFTED hold whatever the curator says.
PAIR_RULES: tuple[tuple[str, Callable[[Case], Found]], ...] = (
    ("HR-01", not_oneself),
    ("HR-01", not_accompanied),
    ("HR-02", willing),
    ("HR-02", approved),
    ("HR-03", form_fits),
    ("HR-04", covers_need),
    ("HR-05", model_holds),
    ("HR-07", one_mentee_alone),
    ("HR-08", younger_teaches_new),
    ("HR-09", higher_level),
    ("HR-10", old_enough),
    ("HR-11", senior_pupil),
    ("HR-12", fit_for_ovz),
    ("HR-13", tutor_for_gifted),
    ("HR-14", experienced_for_risk),
    ("HR-15", contour_allowed),
    ("HR-16", term_left),
    ("HR-22", not_forbidden),
    ("HR-24", psychologist_agrees),
    ("C-05", kind_allowed),
)
NEVER_LIFTED = frozenset({not_oneself, not_accompanied, willing, form_fits, not_forbidden})


def broken_rules(case: Case) -> tuple[Violation, ...]:
    """Return every hard rule the pair breaks; what the policy switches off or the curator lifts is no breach."""
    sides = case.sides
    found = []
    for rule_id, rule in PAIR_RULES:
        if not _binds(sides.policy.rules, rule_id):
            continue
        if rule not in NEVER_LIFTED and sides.facts.is_lifted(rule_id, *sides.ids):
            continue
        found += [Violation(rule_id, sides.ids, message) for message in rule(case)]
    return tuple(found)


def _binds(rules: Mapping[str, Rule], rule_id: str) -> bool:
    rule = rules.get(rule_id)
    return rule is None or (rule.on and rule.severity is Severity.HARD)
