"""What stands first in the template: the sheets and columns a regulation needs, then all others."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from matcher.io.columns import Choice, Column, Sheet
from matcher.io.sheets import SHEETS
from matcher.policy import Policy
from matcher.policy_words import CompatibilitySource, KindStanding, ModelsRequired
from matcher.roster import MenteeCategory, MentoringForm, MentoringKind, PersonKind, RoleModel, Topic

_PEOPLE = (
    "id name organisation person_kind position subjects pedagogical_experience_years birth_date "
    "organisation_since qualification"
)
_MENTORS = (
    "person status ready source results_confirmed approvals topics level.subject level.methodical "
    "level.psych_pedagogical level.communicative level.digital level.normative_legal max_individual"
)
_MENTEES = "person categories primary_category unmatched_last_round"
_REQUESTS = "mentee topic subject priority"
_DEFICITS = "mentee competence level target"
_ORGANISATIONS = "id name type municipality region"
_PUPIL_PEOPLE = "grade class legal_representative"
_PUPIL_MENTORS = (
    "tutor_role ovz_course_completed class_teacher_of high_results contest_winner leader active named_skill"
)
_OUTSIDE_FORMS = (
    MentoringForm.UNIVERSITY_YOUNG_TEACHER,
    MentoringForm.EMPLOYER_PUPIL,
    MentoringForm.PARTNER_PUPIL,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetLayout:
    """A sheet of the template: its columns in order, the first ``num_needed`` of which matter for the regulation."""

    sheet: Sheet
    columns: tuple[Column, ...]
    num_needed: int
    is_needed: bool


def lay_out(policy: Policy | None) -> tuple[SheetLayout, ...]:
    """Return every sheet, those the regulation needs first and in each the needed columns first."""
    needed = _needed_columns(policy)
    layouts = [_layout(sheet, needed.get(sheet.id, ())) for sheet in SHEETS]
    return tuple(sorted(layouts, key=lambda layout: not layout.is_needed))


def offered_choices(column: Column, policy: Policy | None) -> tuple[Choice, ...]:
    """Return the values a drop-down offers: those the regulation knows, all without a regulation."""
    if policy is None or column.id not in _KNOWN:
        return column.choices
    known = _KNOWN[column.id](policy)
    return tuple(choice for choice in column.choices if choice.id in known)


def _layout(sheet: Sheet, needed: Sequence[str]) -> SheetLayout:
    required = [column.id for column in sheet.columns if column.is_required]
    first = list(dict.fromkeys([*needed, *required]))
    # The first column of the sheet stays first: an example row is known by its mark there.
    first.sort(key=lambda id_: id_ != sheet.columns[0].id)
    columns = [sheet.column(id_) for id_ in first]
    columns += [column for column in sheet.columns if column.id not in first]
    return SheetLayout(
        sheet=sheet,
        columns=tuple(columns),
        num_needed=len(first),
        is_needed=sheet.is_required or bool(needed),
    )


def _needed_columns(policy: Policy | None) -> Mapping[str, list[str]]:
    """Return sheet → columns that matter when pairs are made under the regulation."""
    found = {
        "people": _PEOPLE.split(),
        "mentors": _MENTORS.split(),
        "mentees": _MENTEES.split(),
        "requests": _REQUESTS.split(),
        "deficits": _DEFICITS.split(),
        "organisations": _ORGANISATIONS.split(),
    }
    if policy is None or CompatibilitySource.MUTUAL_SCORES in policy.compatibility_sources:
        found["wishes"] = ["from", "to", "score", "veto"]
    if policy is None:
        return found
    if len(policy.forms) > 1:
        found["mentors"].append("forms")
    if policy.models_required is not ModelsRequired.NONE:
        found["mentees"].append("model")
        found["mentors"].append("community_leader")
    if policy.participants.students:
        found["people"] += ["student_status", "alumnus"]
    if policy.participants.pupils:
        found["people"] += _PUPIL_PEOPLE.split()
        found["mentors"] += _PUPIL_MENTORS.split()
        found["mentees"].insert(1, "class")
        found["classes"] = ["id", "organisation", "grade", "size", "class_teacher"]
    marks = _marks(policy)
    if marks:
        found["compatibility"] = ["mentor", "mentee", *marks]
    if any(form in policy.forms for form in _OUTSIDE_FORMS):
        found["contracts"] = ["organisation", "partner", "from", "to"]
    return found


def _marks(policy: Policy) -> list[str]:
    marks = []
    if CompatibilitySource.PSYCHOLOGIST in policy.compatibility_sources:
        marks += ["psychologist", "recommendation"]
    if CompatibilitySource.QUESTIONNAIRE in policy.compatibility_sources:
        marks.append("questionnaire")
    return marks


def _kinds(policy: Policy) -> frozenset[str]:
    return frozenset(kind for kind in MentoringKind if policy.kind_standing(kind) is not KindStanding.REFUSED)


def _categories(policy: Policy) -> frozenset[str]:
    pupils = {c for c in MenteeCategory if c.startswith("pupil_")} | {MenteeCategory.CLASS_GROUP}
    found = frozenset(MenteeCategory) - (frozenset() if policy.participants.pupils else pupils)
    return found - (frozenset() if policy.participants.students else {MenteeCategory.STUDENT_TRAINEE})


def _person_kinds(policy: Policy) -> frozenset[str]:
    found = frozenset(PersonKind) - (frozenset() if policy.participants.pupils else {PersonKind.PUPIL})
    return found - (frozenset() if policy.participants.students else {PersonKind.STUDENT})


def _models(policy: Policy) -> frozenset[str]:
    if policy.models_required in (ModelsRequired.FREE, ModelsRequired.NONE):
        return frozenset(RoleModel)
    return frozenset(model.id for model in policy.models)


_KNOWN: Mapping[str, Callable[[Policy], frozenset[str]]] = {
    "forms": lambda policy: frozenset(policy.forms),
    "form": lambda policy: frozenset(policy.forms),
    "kinds": _kinds,
    "kind": _kinds,
    "categories": _categories,
    "primary_category": _categories,
    "person_kind": _person_kinds,
    "model": _models,
    "topic": lambda policy: frozenset(topic for topic in Topic if policy.is_topic_named(topic)),
    "topics": lambda policy: frozenset(topic for topic in Topic if policy.is_topic_named(topic)),
}
