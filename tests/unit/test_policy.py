"""The five regulations say what their comparison table says; the policy answers what the other rooms ask."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from operator import attrgetter
from typing import Any

import pytest

from matcher.io.policy_toml import list_policies, read_policy
from matcher.policy import HARD_RULES, SOFT_RULES, TOPIC_BLOCK, KindStanding, Policy
from matcher.policy_parts import Pattern, Subjects
from matcher.policy_words import PatternMode, PatternWho, Severity
from matcher.roster import Contour, MenteeCategory, MentoringForm, MentoringKind, MentorSource, RoleModel, Topic

IDS = ("barnaul", "anuchino", "kalmykia", "dalnerechensk", "smolensk_school_23")
SEVEN_KINDS = ("virtual", "group", "short_term", "reverse", "situational", "speed", "traditional")
SEVEN_TOPICS = (
    "subject_content",
    "teaching_methods",
    "upbringing",
    "lesson_organisation",
    "psych_ped_support",
    "parents",
    "additional_education",
)
BASE_FIELDS = ("forms", "kinds", "participants", "directions", "activities")


def indicators(*spans: tuple[int, int]) -> tuple[str, ...]:
    return tuple(f"I-{number:02d}" for first, last in spans for number in range(first, last + 1))


#: The comparison table: what the policy says, for each of the five in the order of IDS.
TABLE: dict[str, tuple[Any, Any, Any, Any, Any]] = {
    "id": IDS,
    "source_file": (
        "000_51d861cae85fb16b.txt",
        "001_4da41110b6c9dc8a.txt",
        "002_119b4ddb55f4ee05.txt",
        "003_15475243b26294c7.txt",
        "004_551f4883f6af57b0.txt",
    ),
    "scope_level": ("municipality", "municipality", "region", "municipality", "organisation"),
    "organisation_types": (
        ("general_school", "kindergarten", "additional_education"),
        (),
        (),
        ("general_school", "additional_education"),
        ("general_school",),
    ),
    "participants.pupils": (False, False, False, True, False),
    "participants.min_age": (None, None, None, 10, None),
    "participants.students": (True, False, True, False, True),
    "forms": (
        ("teacher_teacher", "head_teacher", "employer_student", "university_young_teacher"),
        ("teacher_teacher",),
        ("teacher_teacher", "head_teacher", "employer_student", "university_young_teacher"),
        ("pupil_pupil", "teacher_teacher", "teacher_pupil", "partner_pupil", "employer_pupil"),
        ("teacher_teacher", "head_teacher", "employer_student"),
    ),
    "forms_open": (True, False, False, False, False),
    "models_required": ("none", "one", "free", "optional", "optional"),
    "kinds": (
        SEVEN_KINDS,
        SEVEN_KINDS,
        SEVEN_KINDS,
        ("situational", "flash", "short_term", "group"),
        SEVEN_KINDS,
    ),
    "tolerated_kinds": ((), (), (), ("traditional",), ()),
    "other_kinds": ("refuse", "refuse", "refuse", "warn", "refuse"),
    "topics": (SEVEN_TOPICS, (), SEVEN_TOPICS[:5], (), SEVEN_TOPICS),
    "competence_blocks": ((), ("subject", "methodical", "psych_pedagogical", "digital"), (), (), ()),
    "programme.months.min": (3, 3, 3, 3, 3),
    "programme.months.max": (12, 12, 12, 12, 12),
    "programme.months.default": (9, 9, 9, 12, 9),
    "programme.prolongation.requires": (
        ("mentor", "mentee"),
        ("mentor", "mentee"),
        ("mentor", "mentee"),
        ("curator", "mentor"),
        ("mentor", "mentee"),
    ),
    "programme.aftercare": (False, False, False, True, False),
    "route.horizon_years": ((4, 5), None, None, None, None),
    "contours.order": (
        ("organisation", "municipality", "region", "federal"),
        ("organisation", "municipality", "other_municipality", "region"),
        ("organisation", "municipality", "region"),
        ("organisation", "municipality", "region", "partner"),
        ("organisation", "municipality", "region"),
    ),
    "contours.mode": ("weighted", "weighted", "weighted", "internal_first", "internal_first"),
    "approvals.mentor": (
        ("results_confirmed",),
        ("competence_level",),
        ("head",),
        ("pedagogical_council", "senior_methodist", "deputy_head"),
        ("results_confirmed",),
    ),
    "approvals.pair": (
        ("council_advice", "head_order"),
        ("curator",),
        ("council", "written_consent", "head_order"),
        ("interview", "questionnaire", "head_order"),
        ("council", "psychologist", "head_order"),
    ),
    "consent.written": (("law",), ("law",), ("regulation", "law"), ("law",), ("law",)),
    "consent.minors_agreement": (False, False, False, True, False),
    "consent.personal_data": (("law",), ("law",), ("law",), ("regulation", "law"), ("law",)),
    "load.max_mentors_per_mentee": (2, 2, 2, 3, 2),
    "compatibility_sources": (
        ("curator",),
        ("curator",),
        ("mutual_scores",),
        ("interview", "questionnaire"),
        ("psychologist", "mutual_scores"),
    ),
    "stages": (
        (),
        (),
        ("preparatory", "main", "final"),
        ("preparatory", "diagnostic", "design", "implementation", "reflexive", "resultative"),
        (),
    ),
    "conflict.body": ("council", "curator", "council", "curator", "council"),
    "indicators": (
        indicators((21, 26), (31, 35)),
        (),
        indicators((27, 27), (31, 36)),
        indicators((1, 6), (22, 22), (37, 38)),
        indicators((21, 26), (31, 36)),
    ),
    "indicators_on_request": (False, True, False, False, False),
    "publication.what": ("site", "none", "site", "practices", "site"),
    "publication.required": (False, False, True, False, False),
    "documents": (
        ("D-02", "D-03", "D-04", "D-08", "D-13", "D-14"),
        ("D-03", "D-14", "D-17"),
        ("D-02", "D-03", "D-04", "D-05", "D-08", "D-09", "D-10", "D-13", "D-14", "D-15", "D-16", "D-18"),
        ("D-01", "D-02", "D-03", "D-04", "D-06", "D-07", "D-08", "D-10", "D-11", "D-12", "D-14", "D-15"),
        ("D-02", "D-03", "D-04", "D-08", "D-13", "D-14"),
    ),
}

#: Defaults that all five share.
SHARED: dict[str, Any] = {
    "load.max_individual_mentees": 3,
    "load.soft_mentees": 2,
    "load.group_size": (2, 6),
    "load.class_group_max": 30,
    "load.max_groups_per_mentor": 1,
    "load.mentor_hours_per_week": 3,
    "load.mentee_hours_per_week": 2,
    "legal_overlay": ("ru_labour_351_8", "ru_personal_data"),
    "end_reasons": ("completed", "mentor", "mentee", "mutual", "curator", "left"),
    "reference_day": "09-01",
    "worst_off": False,
    "thresholds.min_mentor_experience_years": 5,
    "thresholds.min_level": 3,
    "thresholds.at_risk_experience_years_over": 3,
    "thresholds.pupil_day_limit": "18:00",
    "thresholds.novice_years": 3,
    "thresholds.newcomer_months": 12,
    "thresholds.new_position_months": 12,
    "thresholds.returning_months": 12,
    "levels": (
        ("SO-01",),
        ("SO-02",),
        ("SO-03", "SO-04", "SO-05", "SO-06", "SO-08", "SO-10"),
        ("SO-07", "SO-12"),
        ("SO-09",),
    ),
    "weights": dict(zip(SOFT_RULES, (100, 40, 20, 20, 5, 15, 15, 5, 10, 5, 5, 10), strict=True)),
}

#: Hard rules that are off somewhere: the policies in which they are on.
ON_IN = {
    "HR-05": {"anuchino", "dalnerechensk", "smolensk_school_23"},
    **{f"HR-{number}": {"dalnerechensk"} for number in (10, 11, 12, 13, 14, 18)},
    "HR-24": {"smolensk_school_23"},
}

CELLS = [(IDS[column], key, cell) for key, row in TABLE.items() for column, cell in enumerate(row)]


@cache
def policy_of(policy_id: str) -> Policy:
    return read_policy(policy_id)


@pytest.mark.parametrize(("policy_id", "key", "cell"), CELLS, ids=[f"{policy}-{key}" for policy, key, _ in CELLS])
def test_cell_of_the_comparison_table(policy_id: str, key: str, cell: Any) -> None:
    found = attrgetter(key)(policy_of(policy_id))
    assert (tuple(found) if isinstance(found, dict) else found) == cell


@pytest.mark.parametrize("policy_id", IDS)
@pytest.mark.parametrize("key", SHARED)
def test_shared_default(policy_id: str, key: str) -> None:
    assert attrgetter(key)(policy_of(policy_id)) == SHARED[key]


@pytest.mark.parametrize("policy_id", IDS)
def test_hard_rules_on_where_the_catalogue_says(policy_id: str) -> None:
    policy = policy_of(policy_id)
    assert tuple(policy.rules) == HARD_RULES
    assert {rule for rule in HARD_RULES if policy.rule(rule).on} == {
        rule for rule in HARD_RULES if policy_id in ON_IN.get(rule, set(IDS))
    }


@pytest.mark.parametrize("policy_id", IDS)
def test_every_rule_that_is_on_names_its_clause(policy_id: str) -> None:
    policy = policy_of(policy_id)
    assert all(policy.clause_of(rule) for rule in HARD_RULES if policy.rule(rule).on)


@pytest.mark.parametrize(
    ("policy_id", "rule", "clause"),
    [
        ("kalmykia", "HR-04", "4.5"),
        ("kalmykia", "HR-23", "3.8"),
        ("anuchino", "HR-04", "4.3.1"),
        ("smolensk_school_23", "HR-24", "4.5"),
        ("dalnerechensk", "HR-10", "1"),
        ("dalnerechensk", "HR-12", "4.3"),
        ("barnaul", "HR-08", "4.1.5"),
        ("barnaul", "HR-23", "ru_labour_351_8"),
    ],
)
def test_clause_of_a_rule(policy_id: str, rule: str, clause: str) -> None:
    assert policy_of(policy_id).clause_of(rule) == clause


def test_kalmykia_programme_note_adds_its_contents() -> None:
    fields = policy_of("kalmykia").programme.required_fields
    assert fields[:5] == BASE_FIELDS
    assert {
        "problem",
        "goals",
        "interim_results",
        "planned_results",
        "schedule",
        "mode",
        "conditions",
    } <= set(fields)


def test_dalnerechensk_programme_has_its_twelve_blocks() -> None:
    fields = set(policy_of("dalnerechensk").programme.required_fields)
    blocks = {"relevance", "goals", "tasks", "content", "target_audience", "term", "forms", "mentor_requirements"}
    assert blocks | {"work_plan", "planned_results", "result_measures", "conditions"} <= fields


def test_models_of_the_three_policies_that_name_them() -> None:
    named = {policy_id: tuple(model.id.value for model in policy_of(policy_id).models) for policy_id in IDS}
    assert named == {
        "barnaul": (),
        "anuchino": ("subject", "young_specialist", "competence"),
        "kalmykia": (),
        "dalnerechensk": (
            "achiever_underachiever",
            "leader_passive",
            "peer_peer",
            "joint_project",
            "gifted",
            "ovz",
            "at_risk",
        ),
        "smolensk_school_23": (
            "experienced_young",
            "leader_communication",
            "innovator_conservative",
            "subject_expert_novice",
        ),
    }


def test_models_of_a_form_keep_their_order() -> None:
    found = policy_of("dalnerechensk").models_of(MentoringForm.TEACHER_PUPIL)
    assert [model.id for model in found] == [RoleModel.GIFTED, RoleModel.OVZ, RoleModel.AT_RISK]


def test_partner_forms_belong_to_additional_education_and_warn_elsewhere() -> None:
    form = policy_of("dalnerechensk").forms[MentoringForm.PARTNER_PUPIL]
    assert form.organisation_types == ("additional_education",)
    assert form.elsewhere is Severity.WARN


def test_barnaul_expects_the_head_as_employer() -> None:
    assert policy_of("barnaul").forms[MentoringForm.EMPLOYER_STUDENT].expected_sources == (MentorSource.HEAD,)
    assert policy_of("kalmykia").forms[MentoringForm.EMPLOYER_STUDENT].expected_sources == ()


def test_contract_with_a_partner_is_hard_in_dalnerechensk_and_a_warning_in_barnaul() -> None:
    contracts = {policy_id: policy_of(policy_id).rule("HR-15").word("contract") for policy_id in IDS}
    assert contracts == {
        "barnaul": "warn",
        "anuchino": "none",
        "kalmykia": "none",
        "dalnerechensk": "hard",
        "smolensk_school_23": "none",
    }


def test_rule_parameters_have_their_types() -> None:
    policy = policy_of("dalnerechensk")
    assert policy.rule("HR-04").number("min_mentor_level") == 3
    assert policy.rule("HR-12").words("positions") == ("speech_therapist", "defectologist", "psychologist")
    assert policy.rule("HR-11").words("equal_grade_models") == ("peer_peer", "joint_project")
    assert policy.rule("HR-17").flag("pupils_in_vacations") is False
    with pytest.raises(TypeError):
        policy.rule("HR-04").words("min_mentor_level")


def test_stages_of_teachers_in_dalnerechensk_are_four() -> None:
    policy = policy_of("dalnerechensk")
    assert policy.stages_of(MentoringForm.TEACHER_TEACHER) == ("organisation", "appointment", "passing", "completion")
    assert len(policy.stages_of(MentoringForm.PUPIL_PUPIL)) == 6


def test_conflict_may_be_mediated_in_kalmykia_only() -> None:
    assert [policy_id for policy_id in IDS if "mediated" in policy_of(policy_id).conflict.outcomes] == ["kalmykia"]


def test_publication_in_kalmykia_follows_completion() -> None:
    publication = policy_of("kalmykia").publication
    assert (publication.blocks, publication.after, publication.clause) == (7, "closed", "4.12")


def test_risks_are_watched_in_smolensk() -> None:
    assert [len(policy_of(policy_id).risks) for policy_id in IDS] == [0, 0, 0, 0, 6]


def test_targets_of_dalnerechensk() -> None:
    targets = policy_of("dalnerechensk").targets
    assert {key: (target.start, target.end) for key, target in targets.items()} == {
        "I-01": (1, 60),
        "I-02": (50, 55),
        "I-03": (10, 70),
        "I-04": (2, 10),
        "I-05": (50, 85),
        "I-06": (50, 85),
    }
    assert {(target.start_year, target.end_year) for target in targets.values()} == {(2020, 2024)}
    assert not any(policy_of(policy_id).targets for policy_id in IDS if policy_id != "dalnerechensk")


def test_dates_of_dalnerechensk() -> None:
    days = {deadline.id: (deadline.start_day, deadline.day) for deadline in policy_of("dalnerechensk").deadlines}
    assert days["register"] == ("09-01", "11-30")
    assert days["school_monitoring"] == (None, "10-20")
    assert days["municipal_monitoring"] == (None, "11-01")
    assert days["regional_monitoring"] == (None, "12-01")
    assert days["forum"] == (None, "12-25")
    assert days["federal_form"] == (None, "01-20")
    assert len(days) == 10


def test_legal_overlay_adds_its_documents_to_every_policy() -> None:
    for policy_id in IDS:
        assert {"D-05", "D-06"} <= set(policy_of(policy_id).required_documents)
    without = replace(policy_of("anuchino"), legal_overlay=())
    assert without.required_documents == ("D-03", "D-14", "D-17")


def test_kinds_are_allowed_warned_of_or_refused() -> None:
    dalnerechensk, barnaul = policy_of("dalnerechensk"), policy_of("barnaul")
    assert dalnerechensk.kind_standing(MentoringKind.FLASH) is KindStanding.ALLOWED
    assert dalnerechensk.kind_standing(MentoringKind.TRADITIONAL) is KindStanding.ALLOWED
    assert dalnerechensk.kind_standing(MentoringKind.REVERSE) is KindStanding.WARN
    assert barnaul.kind_standing(MentoringKind.FLASH) is KindStanding.REFUSED


def test_topics_of_a_policy() -> None:
    assert policy_of("barnaul").is_topic_named(Topic.PARENTS)
    assert not policy_of("kalmykia").is_topic_named(Topic.PARENTS)
    assert policy_of("dalnerechensk").is_topic_named(Topic.PARENTS)
    assert policy_of("anuchino").is_topic_named(Topic.UPBRINGING)
    assert not policy_of("anuchino").is_topic_named(Topic.PARENTS)
    assert all(policy_of(policy_id).is_topic_named(Topic.DIGITAL) for policy_id in IDS)
    assert set(TOPIC_BLOCK) == set(Topic)


def test_approvals_of_dalnerechensk_are_for_teachers() -> None:
    policy = policy_of("dalnerechensk")
    assert policy.asks_approval_in(MentoringForm.TEACHER_PUPIL)
    assert not policy.asks_approval_in(MentoringForm.PUPIL_PUPIL)
    assert policy_of("kalmykia").asks_approval_in(MentoringForm.HEAD_TEACHER)


def test_tiers_decide_novices_first_and_everybody_has_one() -> None:
    policy = policy_of("kalmykia")
    assert policy.tier_of(MenteeCategory.NOVICE) == 0
    assert policy.tier_of(MenteeCategory.NEWCOMER) == 1
    assert policy.tier_of(MenteeCategory.DEFICIT) == policy.tier_of(None) == 2


@pytest.mark.parametrize(
    ("policy_id", "contour", "place", "step"),
    [
        ("barnaul", Contour.ORGANISATION, None, 0),
        ("barnaul", Contour.OTHER_MUNICIPALITY, None, 2),
        ("barnaul", Contour.FEDERAL, None, 3),
        ("anuchino", Contour.OTHER_MUNICIPALITY, None, 2),
        ("kalmykia", Contour.FEDERAL, None, None),
        ("kalmykia", Contour.PARTNER, Contour.MUNICIPALITY, 1),
        ("kalmykia", Contour.PARTNER, Contour.FEDERAL, None),
        ("dalnerechensk", Contour.PARTNER, Contour.MUNICIPALITY, 1),
        ("dalnerechensk", Contour.PARTNER, Contour.FEDERAL, 3),
        ("dalnerechensk", Contour.FEDERAL, None, None),
    ],
)
def test_contour_step(policy_id: str, contour: Contour, place: Contour | None, step: int | None) -> None:
    assert policy_of(policy_id).contour_step(contour, place) == step


@pytest.mark.parametrize(
    ("kind", "minutes"),
    [
        (MentoringKind.TRADITIONAL, 120),
        (MentoringKind.SHORT_TERM, 120),
        (MentoringKind.GROUP, 60),
        (MentoringKind.REVERSE, 60),
        (MentoringKind.SITUATIONAL, 60),
        (MentoringKind.SPEED, 60),
        (MentoringKind.FLASH, 60),
    ],
)
def test_load_of_a_kind_in_four_weeks(kind: MentoringKind, minutes: int) -> None:
    assert policy_of("dalnerechensk").pattern_minutes_per_four_weeks(kind) == minutes


def test_three_mentors_fit_the_hours_of_a_pupil() -> None:
    policy = policy_of("dalnerechensk")
    weekly = policy.pattern_minutes_per_four_weeks(MentoringKind.TRADITIONAL, MentoringForm.TEACHER_PUPIL)
    assert weekly == 160
    assert 3 * weekly <= 4 * 60 * policy.load.mentee_hours_per_week


def test_pupil_session_takes_the_place_of_a_kind_in_pupil_forms_only() -> None:
    policy = policy_of("dalnerechensk")
    assert policy.pattern_of(MentoringKind.TRADITIONAL, MentoringForm.PUPIL_PUPIL) is policy.pupil_session
    teachers = policy.pattern_of(MentoringKind.TRADITIONAL, MentoringForm.TEACHER_TEACHER)
    assert teachers is policy.patterns[MentoringKind.TRADITIONAL]
    flash = policy.pattern_of(MentoringKind.FLASH, MentoringForm.PUPIL_PUPIL)
    assert flash is policy.patterns[MentoringKind.FLASH]


@pytest.mark.parametrize("every_days", [1, 7, 9, 10, 14, 30])
@pytest.mark.parametrize("minutes", [20, 45, 50, 90])
def test_load_is_a_multiple_of_four_never_below_the_pattern(minutes: int, every_days: int) -> None:
    pattern = Pattern(
        minutes=minutes,
        min_minutes=minutes,
        every_days=every_days,
        who=PatternWho.MENTOR_AND_MENTEE,
        mode=PatternMode.ANY,
    )
    load = pattern.minutes_per_four_weeks
    assert load % 4 == 0
    assert 0 <= load - minutes * 28 / every_days < 5


@pytest.mark.parametrize(
    ("subject_a", "subject_b", "related"),
    [
        ("mathematics", "physics", True),
        ("algebra", "informatics", True),
        ("algebra", "mathematics", False),
        ("mathematics", "chemistry", False),
        ("chemistry", "geography", True),
        ("foreign_language.en", "foreign_language.de", True),
        ("foreign_language.en", "second_foreign_language.fr", True),
        ("primary", "russian", True),
        ("literature", "mathematics", False),
        ("music", "music", False),
        ("cosmology", "physics", False),
    ],
)
def test_related_subjects(subject_a: str, subject_b: str, related: bool) -> None:
    policy = policy_of("barnaul")
    assert policy.is_related(subject_a, subject_b) is related
    assert policy.is_related(subject_b, subject_a) is related


def test_course_counts_as_its_subject() -> None:
    assert policy_of("barnaul").subjects.main("geometry") == "mathematics"
    assert Subjects(groups=()).main("geometry") == "geometry"


def test_percentages_become_levels() -> None:
    thresholds = policy_of("barnaul").thresholds
    assert [thresholds.level_of_percent(percent) for percent in (0, 19.9, 20, 59, 80, 100)] == [0, 0, 1, 2, 4, 4]


def test_all_five_are_listed() -> None:
    assert list_policies() == IDS
