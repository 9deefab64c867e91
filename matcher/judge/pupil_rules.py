"""The hard rules on pairs with pupils (HR-10 … HR-14), one function each; it yields a sentence for every breach."""

from __future__ import annotations

from collections.abc import Iterator

from matcher.judge.choices import Case, is_pupil, is_senior
from matcher.roster import Contour, MenteeCategory, MentoringForm, PersonKind
from matcher.texts import Text, text

Found = Iterator[Text]


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
                "the pupil {person} is {age} years old, less than {least}", person=person.id, age=age, least=least
            )


def senior_pupil(case: Case) -> Found:
    """HR-11: pupil to pupil in one organisation, the mentor's grade high enough; a class mentor stands out."""
    sides = case.sides
    if case.form is not MentoringForm.PUPIL_PUPIL:
        return
    if sides.place is not Contour.ORGANISATION:
        yield text("pupils work together inside one organisation")
    rule = sides.policy.rule("HR-11")
    is_class = sides.mentee_class is not None
    teaches_skills = sides.mentee_organisation.type in rule.words("skill_organisation_types")
    skilled = teaches_skills and bool(sides.mentor.named_skill)
    may_equal = not is_class and case.model in rule.words("equal_grade_models")
    if not is_senior(sides, may_equal=may_equal) and (is_class or not skilled):
        yield text("the mentor's grade is not high enough")
    merits = (sides.mentor.high_results, sides.mentor.contest_winner, sides.mentor.leader, sides.mentor.active)
    if is_class and not any(merits):
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
