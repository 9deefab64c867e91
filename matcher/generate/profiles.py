"""What kinds of people a made-up roster holds under each regulation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from matcher.errors import Fault, InputError
from matcher.roster import MentoringKind, OrganisationType, RoleModel, Topic
from matcher.texts import text

TOPIC_WEIGHTS: Mapping[Topic, float] = {
    Topic.SUBJECT_CONTENT: 32,
    Topic.TEACHING_METHODS: 24,
    Topic.UPBRINGING: 11,
    Topic.LESSON_ORGANISATION: 11,
    Topic.PSYCH_PED_SUPPORT: 8,
    Topic.PARENTS: 6,
    Topic.ADDITIONAL_EDUCATION: 3,
    Topic.DIGITAL: 3,
    Topic.COMMUNICATION: 2,
}
_SEVEN_KINDS = tuple(kind for kind in MentoringKind if kind is not MentoringKind.FLASH)


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """Shares of the kinds of people.

    ``students``, ``pupils`` and ``classes`` are shares of the mentees; ``heads``, ``retired``, ``university``,
    ``partners``, ``neighbours`` (of another municipality) and ``pupil_mentors`` are shares of the mentors.
    ``psychologist`` is the number of psychologist's marks per mentee; ``models`` are those some mentees ask for.
    """

    organisation_types: Mapping[OrganisationType, float] = field(
        default_factory=lambda: {OrganisationType.GENERAL_SCHOOL: 1.0}
    )
    students: float = 0.0
    pupils: float = 0.0
    classes: float = 0.0
    heads: float = 0.0
    retired: float = 0.04
    university: float = 0.0
    partners: float = 0.0
    neighbours: float = 0.0
    pupil_mentors: float = 0.0
    psychologist: float = 0.25
    kinds: tuple[MentoringKind, ...] = _SEVEN_KINDS
    models: tuple[RoleModel, ...] = ()


_PROFILES: Mapping[str | None, Profile] = {
    None: Profile(),
    "barnaul": Profile(
        organisation_types={
            OrganisationType.GENERAL_SCHOOL: 0.62,
            OrganisationType.KINDERGARTEN: 0.25,
            OrganisationType.ADDITIONAL_EDUCATION: 0.13,
        },
        students=0.06,
        heads=0.06,
        university=0.05,
    ),
    "anuchino": Profile(neighbours=0.08, models=(RoleModel.SUBJECT, RoleModel.YOUNG_SPECIALIST, RoleModel.COMPETENCE)),
    "kalmykia": Profile(students=0.07, heads=0.06, university=0.06),
    "dalnerechensk": Profile(
        organisation_types={OrganisationType.GENERAL_SCHOOL: 0.82, OrganisationType.ADDITIONAL_EDUCATION: 0.18},
        pupils=0.45,
        classes=0.05,
        partners=0.05,
        pupil_mentors=0.2,
        kinds=(
            MentoringKind.SITUATIONAL,
            MentoringKind.FLASH,
            MentoringKind.SHORT_TERM,
            MentoringKind.GROUP,
            MentoringKind.TRADITIONAL,
        ),
    ),
    "smolensk_school_23": Profile(
        students=0.09,
        heads=0.06,
        psychologist=1.5,
        models=(
            RoleModel.SUBJECT_EXPERT_NOVICE,
            RoleModel.EXPERIENCED_YOUNG,
            RoleModel.LEADER_COMMUNICATION,
            RoleModel.INNOVATOR_CONSERVATIVE,
        ),
    ),
}


def profile_of(policy_id: str | None) -> Profile:
    """Return the profile of a shipped policy, or the plain one.

    Raises
    ------
    InputError
        When no profile of this name is known.
    """
    if policy_id not in _PROFILES:
        known = ", ".join(sorted(name for name in _PROFILES if name))
        fault = Fault(
            "policy",
            text("no made-up people are known for the regulation “{policy}”", policy=policy_id),
            text("choose one of: {known}", known=known),
        )
        raise InputError([fault])
    return _PROFILES[policy_id]
