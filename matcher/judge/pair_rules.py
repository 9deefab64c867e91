"""The hard rules on one pair, one function each (requirements 9.2). A function yields a sentence for every breach."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from matcher.judge.choices import Case, fits_form, holds_model, is_grade_fit, is_pupil, stated_model
from matcher.judge.facts import Sides, full_months
from matcher.outcome import Violation
from matcher.policy import PUPIL_FORMS
from matcher.policy_parts import Rule
from matcher.policy_words import KindStanding, ModelsRequired, Severity
from matcher.roster import (
    Approval,
    CompetenceBlock,
    Contour,
    LockStatus,
    MenteeCategory,
    MentoringForm,
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


def willing(case: Case) -> Found:
    """HR-02, voluntary part (C-03): no veto, the mentor is ready and has not left. No override lifts it."""
    sides = case.sides
    mentor, mentee = sides.ids
    if (mentor, mentee) in sides.facts.vetoes or (mentee, mentor) in sides.facts.vetoes:
        yield text("one side has refused the other")
    if not sides.mentor.ready:
        yield text("the mentor is not ready")
    if sides.mentor.status is MentorStatus.LEFT:
        yield text("the mentor has left")


def approved(case: Case) -> Found:
    """HR-02: the mentor is available and has the approvals the policy asks for in this form."""
    sides = case.sides
    if sides.mentor.status not in (MentorStatus.AVAILABLE, MentorStatus.LEFT):
        yield text("the mentor's status is {status}, not available", status=str(sides.mentor.status))
    if not sides.policy.asks_approval_in(case.form):
        return
    for approval in sides.policy.approvals.mentor:
        if not _has_approval(sides, approval):
            yield text("the mentor lacks the approval {approval}", approval=str(approval))


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
        yield text("the form {form} does not fit the two", form=str(case.form))
    types = sides.policy.organisation_types
    if types and sides.mentee_organisation.type not in types:
        yield text("the regulation does not cover the mentee's organisation")


def covers_need(case: Case) -> Found:
    """HR-04: a priority-1 request, or without one a gap, at the level asked; teacher forms only."""
    if case.form not in PUPIL_FORMS and not covers_main_need(case.sides):
        yield text("the mentor covers none of the mentee's most urgent requests")


def covers_main_need(sides: Sides) -> bool:
    """Return whether the mentor covers a priority-1 request or, where there is none, a gap (HR-04)."""
    least = sides.policy.rule("HR-04").number("min_mentor_level")
    urgent = [wanted for wanted in sides.requests() if wanted.priority == 1]
    if urgent:
        return any(sides.covers_request(wanted, least) for wanted in urgent)
    return any(sides.covers_gap(gap) and sides.level(gap.competence) >= least for gap in sides.gaps())


def model_holds(case: Case) -> Found:
    """HR-05: the conditions of the model hold; a model where the policy asks for one."""
    sides = case.sides
    if sides.policy.models_required is ModelsRequired.ONE and case.model is None:
        yield text("no role model fits the two, and one is required")
    wanted = stated_model(sides)
    if wanted is not None and case.model is not wanted and sides.policy.models_required is not ModelsRequired.NONE:
        yield text("the mentee asks for the role model {model}", model=str(wanted))
    if case.model is None or sides.policy.models_required is ModelsRequired.FREE:
        return
    rule = next((model for model in sides.policy.models if model.id is case.model), None)
    if rule is None or rule.form is not case.form:
        yield text("the role model {model} does not belong to the form", model=str(case.model))
    elif not holds_model(sides, rule):
        yield text("the conditions of the role model {model} do not hold", model=str(case.model))


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
    if case.kind is MentoringKind.REVERSE and not case.has_counter and not teaches_new(case.sides):
        yield text("in a reverse pair the younger one teaches the older one digital technologies")


def teaches_new(sides: Sides) -> bool:
    """Return whether the mentor is the younger one and covers a digital request or a digital gap."""
    mentor_day = sides.mentor_person.birth_date
    mentee_day = None if sides.mentee_person is None else sides.mentee_person.birth_date
    if mentor_day is None or mentee_day is None or mentor_day <= mentee_day:
        return False
    least = sides.policy.thresholds.min_level
    asked = any(sides.covers_request(wanted, least) for wanted in sides.requests() if wanted.topic is Topic.DIGITAL)
    return asked or any(sides.covers_gap(gap) for gap in sides.gaps() if gap.competence is CompetenceBlock.DIGITAL)


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


def old_enough(case: Case) -> Found:
    """HR-10: pupils of both sides have reached the least age on the reference day."""
    sides = case.sides
    least = sides.policy.participants.min_age
    if least is None:
        return
    for person in (sides.mentor_person, sides.mentee_person):
        if person is None or person.person_kind is not PersonKind.PUPIL:
            continue
        age = sides.facts.age(person)
        if age is None:
            yield text("the age of the pupil {person} is unknown", person=person.id)
        elif age < least:
            yield text(
                "the pupil {person} is {age}, from {least} on is allowed", person=person.id, age=age, least=least
            )


def senior_pupil(case: Case) -> Found:
    """HR-11: pupil to pupil in one organisation, the mentor's grade high enough; a class mentor stands out."""
    sides = case.sides
    if case.form is not MentoringForm.PUPIL_PUPIL:
        return
    if sides.place is not Contour.ORGANISATION:
        yield text("pupils work together inside one organisation")
    if not is_grade_fit(sides, case.model):
        yield text("the mentor's grade is not high enough")
    merits = (sides.mentor.high_results, sides.mentor.contest_winner, sides.mentor.leader, sides.mentor.active)
    if sides.mentee_class is not None and not any(merits):
        yield text("a mentor of a class has high results, has won a contest, leads or is active")


def fit_for_ovz(case: Case) -> Found:
    """HR-12: special pedagogue, course completed, or the pupil's own class teacher (A-18)."""
    sides = case.sides
    if not _teaches_pupil_of(case, MenteeCategory.PUPIL_OVZ):
        return
    assert sides.mentee_person is not None
    own_class = sides.mentee_person.school_class
    positions = sides.policy.rule("HR-12").words("positions")
    is_special = sides.mentor_person.position in positions
    is_class_teacher = own_class is not None and own_class in sides.mentor.class_teacher_of
    if not (is_special or sides.mentor.ovz_course_completed or is_class_teacher):
        yield text("the mentor is not qualified for pupils with special needs")


def tutor_for_gifted(case: Case) -> Found:
    """HR-13: the mentor of a gifted pupil acts as a tutor or holds the post."""
    sides = case.sides
    if not _teaches_pupil_of(case, MenteeCategory.PUPIL_GIFTED, MenteeCategory.PUPIL_MOTIVATED):
        return
    if not sides.mentor.tutor_role and sides.mentor_person.position not in sides.policy.rule("HR-13").words(
        "positions"
    ):
        yield text("the mentor of a gifted pupil must be a tutor")


def experienced_for_risk(case: Case) -> Found:
    """HR-14: the mentor of a pupil at risk is experienced (A-43)."""
    sides = case.sides
    years = sides.mentor_person.pedagogical_experience_years
    over = sides.policy.thresholds.at_risk_experience_years_over
    if _teaches_pupil_of(case, MenteeCategory.PUPIL_AT_RISK) and not (years is not None and years > over):
        yield text("the mentor of a pupil at risk needs more than {years} years of experience", years=over)


def _teaches_pupil_of(case: Case, *categories: MenteeCategory) -> bool:
    is_of = case.sides.is_of(*categories)
    return case.form is MentoringForm.TEACHER_PUPIL and is_pupil(case.sides) and is_of


def contour_allowed(case: Case) -> Found:
    """HR-15: the regulation reaches so far, the mentor is ready to, and a contract stands where one is needed."""
    sides = case.sides
    if sides.policy.contour_step(sides.contour, sides.place) is None:
        yield text("the regulation does not reach the contour {contour}", contour=str(sides.contour))
    if sides.mentor.contours and not {sides.contour, sides.place} & set(sides.mentor.contours):
        yield text("the mentor does not work in the contour {contour}", contour=str(sides.contour))
    if needs_contract(sides) and not has_contract(sides):
        yield text("no contract between the mentee's organisation and the mentor's")


def needs_contract(sides: Sides) -> bool:
    """Return whether the policy forbids this pair without a contract."""
    rule = sides.policy.rule("HR-15")
    if rule.params.get("contract") != "hard" or sides.contour is Contour.ORGANISATION:
        return False
    return rule.word("contract_for") == "outside" or sides.contour is Contour.PARTNER


def has_contract(sides: Sides) -> bool:
    """Return whether a contract between the two organisations runs on the reference day."""
    day = sides.facts.reference_day
    return any(
        contract.organisation == sides.mentee_organisation.id
        and contract.partner == sides.mentor_organisation.id
        and (contract.start_day is None or contract.start_day <= day)
        and (contract.end_day is None or day <= contract.end_day)
        for contract in sides.facts.contracts
    )


def term_left(case: Case) -> Found:
    """HR-16: a running pair has not used up the longest term, unless it was prolonged."""
    lock = case.sides.lock
    if lock is None or lock.since is None or lock.status in (LockStatus.PROLONGED, LockStatus.AFTERCARE):
        return
    most = case.sides.policy.programme.months.max
    if full_months(lock.since, case.sides.facts.reference_day) >= most:
        yield text("the programme has lasted {most} months already and was not prolonged", most=most)


def not_forbidden(case: Case) -> Found:
    """HR-22: the council has not forbidden the pair."""
    if case.sides.facts.is_forbidden(*case.sides.ids):
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
        yield text("the regulation does not allow the kind {kind}", kind=str(case.kind))
    if any(side.kinds and case.kind not in side.kinds for side in (sides.mentor, sides.mentee)):
        yield text("one side does not accept the kind {kind}", kind=str(case.kind))


#: The rules on one pair in order of their ids; C-05 and the rules of NEVER_LIFTED hold whatever the curator says.
PAIR_RULES: tuple[tuple[str, Callable[[Case], Found]], ...] = (
    ("HR-01", not_oneself),
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
NEVER_LIFTED = frozenset({not_oneself, willing, not_forbidden})


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
