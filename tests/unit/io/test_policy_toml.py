"""Every fault of a policy file is found at once, at its line, with what would be right."""

from __future__ import annotations

import json
import re
from importlib import resources
from pathlib import Path

import pytest

from matcher.errors import Fault, InputError
from matcher.io.policy_toml import check_policy_file, list_policies, parse_policy, policy_schema, read_policy
from matcher.roster import MentoringKind
from matcher.texts import say

FILE = "mine.toml"


def shipped(name: str) -> str:
    return resources.files("matcher").joinpath("policies", name).read_text(encoding="utf-8")


def changed(*changes: tuple[str, str], policy: str = "kalmykia") -> str:
    """Return a shipped policy with each first text put in place of the second; each must occur."""
    content = shipped(f"{policy}.toml")
    for old, new in changes:
        assert old in content
        content = content.replace(old, new)
    return content


def faults_of(content: str) -> tuple[Fault, ...]:
    with pytest.raises(InputError) as caught:
        parse_policy(content, FILE)
    return caught.value.faults


def spoken(fault: Fault) -> tuple[str, str, str]:
    """Return key, message and cure in English, the line left out."""
    return fault.place.split(": ")[-1], str(fault.message), str(fault.cure)


@pytest.mark.parametrize("policy_id", list_policies())
def test_shipped_policy_is_read(policy_id: str) -> None:
    assert read_policy(policy_id).id == policy_id
    assert check_policy_file(policy_id) == ()


def test_policy_is_read_from_a_path(tmp_path: Path) -> None:
    path = tmp_path / "ours.toml"
    path.write_text(changed(('id = "kalmykia"', 'id = "ours"')), encoding="utf-8-sig")
    assert read_policy(path).id == "ours"
    assert read_policy(str(path)).kinds == read_policy("kalmykia").kinds


@pytest.mark.parametrize(
    ("old", "new", "key", "message", "cure"),
    [
        (
            "max_mentors_per_mentee = 2",
            "max_mentors_per_mentee = 2\nmax_mentor = 1",
            "load.max_mentor",
            "the key max_mentor is unknown",
            "known here: ",
        ),
        (
            "worst_off = false",
            "worst_off = false\nworst_of = true",
            "worst_of",
            "the key worst_of is unknown",
            "known here: ",
        ),
        (
            "min_mentor_level = 3",
            "min_mentor_levle = 3",
            "rules.HR-04.min_mentor_levle",
            "the key min_mentor_levle is unknown",
            "did you mean min_mentor_level?",
        ),
        (
            'mode = "weighted"',
            'mode = "wieghted"',
            "contours.mode",
            '"wieghted" is unknown',
            "did you mean weighted?",
        ),
        (
            '"reverse", "situational"',
            '"revers", "situational"',
            "kinds.3",
            '"revers" is unknown',
            "did you mean reverse?",
        ),
        ('"I-27"', '"I-72"', "indicators.0", '"I-72" is unknown', "did you mean I-"),
        ("head_teacher =", "head_techer =", "forms.head_techer", "the key head_techer is unknown", "did you mean "),
        (
            "min = 3, max = 12",
            "min = 13, max = 12",
            "programme.months",
            "min (13) is more than max (12)",
            "make min the smaller one",
        ),
        ("default = 9", "default = 15", "programme.months", "default (15) is more than max (12)", ""),
        ("group_size = [2, 6]", "group_size = [7, 6]", "load.group_size", "7, 6 do not ascend", ""),
        ("soft_mentees = 2", "soft_mentees = 4", "load", "soft_mentees (4) is more than max_individual", ""),
        ("pupils = false", 'pupils = "no"', "participants.pupils", '"no" is of a wrong type', "write true or false"),
        ("SO-02 = 40", "SO-02 = -1", "weights.SO-02", "-1 is outside the bounds", "write 0 or more"),
        ("SO-02 = 40", "SO-02 = 4.5", "weights.SO-02", "4.5 is of a wrong type", "write a whole number"),
        ("SO-02 = 40", "SO-02 = true", "weights.SO-02", "true is of a wrong type", "write a whole number"),
        ("2022-01-01", '"2022"', "valid_from", '"2022" is of a wrong type', "write a date without quotes"),
        ('"09-01"', '"02-30"', "reference_day", "02-30 is no day of the year", "write month and day"),
        ('"18:00"', '"25:00"', "thresholds.pupil_day_limit", '"25:00" has a wrong form', "the policy kalmykia has"),
        (
            'HR-07 = { on = true, clause = "4.6" }',
            "HR-07 = { on = true }",
            "rules.HR-07",
            "a rule that is on needs its clause",
            "add clause",
        ),
        ('["*"],', "", "tiers", "no tier says where all others belong", 'add a tier ["*"]'),
        ('["SO-01"], ["SO-02"]', '["SO-02"], ["SO-02"]', "levels", "SO-02 stands twice", ""),
        ('mentor = ["head"]', 'mentor = ["head", "head"]', "approvals.mentor", "head stands twice", ""),
        ('models_required = "free"', 'models_required = "one"', "models_required", "a role model is wanted", ""),
        ("level_cutoffs = [20, 40, 60, 80]", "level_cutoffs = [20, 40]", "thresholds.level_cutoffs", "the list is", ""),
        ("gap_days = [14]", "gap_days = [14, 15, 16]", "patterns.reverse.gap_days", "the list has a wrong number", ""),
        (
            '"speed", "traditional"]\n',
            '"speed", "traditional", "flash"]\n',
            "patterns.flash",
            "the kind flash has no session pattern",
            "add a table [patterns.flash]",
        ),
        (
            "prefer = [",
            'prefer = ["flash", ',
            "kind_choice.prefer",
            "the kind flash is refused by this policy",
            "leave it out",
        ),
        (
            "valid_from = 2022-01-01",
            "valid_from = 2022-01-01\nvalid_to = 2021-01-01",
            "valid_to",
            "the policy ends",
            "",
        ),
        (
            "topics = [",
            'competence_blocks = ["digital"]\ntopics = [',
            "competence_blocks",
            "pairs are picked by topics or by competence blocks",
            "",
        ),
        (
            "[conflict]",
            "[targets.I-02]\n" + 'title = "x"\ntitle_en = "x"\nstart_year = 2020\nstart = 1\nend_year = 2024\nend = 2\n'
            'unit = "percent"\nsource = "x"\nclause = "1"\n[conflict]',
            "targets.I-02",
            "the target I-02 is no indicator of this policy",
            "add I-02 to indicators",
        ),
        ('when = "completion"', 'when = "day"', "deadlines.0", "a date of the sort day needs the key day", "add day"),
    ],
)
def test_fault_is_the_only_one_and_names_its_cure(old: str, new: str, key: str, message: str, cure: str) -> None:
    found = [spoken(fault) for fault in faults_of(changed((old, new)))]
    # A misspelt key is also missing under its right name.
    ((place, said, cured),) = [one for one in found if one[1] != "the key is missing"]
    assert place == key
    assert said.startswith(message)
    assert cured.startswith(cure)


def test_form_that_is_not_allowed_is_named_wherever_it_is_used() -> None:
    content = changed(
        ("[quotas]", '[[quotas.form]]\nid = "pupil_pupil"'),
        ('clause = "3.8"\n\n[consent]', 'clause = "3.8"\nmentor_forms = ["teacher_pupil"]\n\n[consent]'),
    )
    assert [spoken(fault)[0] for fault in faults_of(content)] == ["approvals.mentor_forms", "quotas.form.0.id"]


@pytest.mark.parametrize("rule", ["HR-01", "HR-24", "SO-12"])
def test_missing_rule_is_a_fault_that_shows_how_kalmykia_has_it(rule: str) -> None:
    content = "\n".join(line for line in shipped("kalmykia.toml").splitlines() if not line.startswith(f"{rule} ="))
    table = "rules" if rule.startswith("HR") else "weights"
    (fault,) = faults_of(content)
    place, message, cure = spoken(fault)
    assert (place, message) == (f"{table}.{rule}", "the key is missing")
    assert cure.startswith(f"the policy kalmykia has {rule} = ")


def test_misspelt_rule_is_missing_and_unknown_at_its_line() -> None:
    content = changed(("HR-04 =", "HR-4 ="))
    line = content.splitlines().index(next(row for row in content.splitlines() if row.startswith("HR-4 "))) + 1
    missing, unknown = faults_of(content)
    assert spoken(missing)[:2] == ("rules.HR-04", "the key is missing")
    assert unknown.place == f"{FILE}:{line}: rules.HR-4"
    assert str(unknown.cure) == "did you mean HR-04?"


def test_all_faults_come_at_once_in_the_order_of_the_file() -> None:
    found = faults_of(
        changed(
            ('scope_level = "region"', 'scope_level = "planet"'),
            ("pupils = false", "pupils = 0"),
            ("min = 3,", "min = 30,"),
            ('mode = "weighted"', 'mode = "heavy"'),
            ("SO-12 = 10", "SO-12 = -10"),
            ('"speed", "traditional"]\n', '"speed", "traditional", "flash"]\n'),
        )
    )
    lines = [int(fault.place.split(":")[1]) for fault in found]
    assert lines == sorted(lines)
    assert {spoken(fault)[0] for fault in found} == {
        "scope_level",
        "participants.pupils",
        "programme.months",
        "contours.mode",
        "weights.SO-12",
        "patterns.flash",
    }


def test_pupils_need_an_age_and_a_pattern() -> None:
    found = faults_of(changed(("pupils = false", "pupils = true")))
    assert [spoken(fault)[0] for fault in found] == ["patterns.pupil", "participants.min_age"]


def test_pupil_forms_need_pupils() -> None:
    found = faults_of(changed(("pupils = true", "pupils = false"), policy="dalnerechensk"))
    assert {spoken(fault)[0] for fault in found} == {
        "forms.pupil_pupil",
        "forms.teacher_pupil",
        "forms.partner_pupil",
        "forms.employer_pupil",
    }


def test_empty_file_lacks_every_required_key() -> None:
    found = faults_of("")
    required = policy_schema()["required"]
    assert {spoken(fault)[0] for fault in found} == set(required)


@pytest.mark.parametrize(
    ("content", "place", "message"),
    [
        ('id = "a"\nkinds = [\n"group"\nversion = 1\n', f"{FILE}:4", "this is not TOML: version = 1"),
        ('id = "a"\nid = "b"\n', f"{FILE}:2", "this key or table stands twice"),
        ("[load]\n[load]\n", f"{FILE}:2", "this key or table stands twice"),
        ('id = "a', f"{FILE}:1", 'this is not TOML: id = "a'),
    ],
)
def test_text_that_is_not_toml(content: str, place: str, message: str) -> None:
    (fault,) = faults_of(content)
    assert (fault.place, str(fault.message)) == (place, message)
    assert fault.cure is not None


def test_unknown_policy_names_the_near_one() -> None:
    (fault,) = check_policy_file("kalmikia")
    assert (fault.place, str(fault.cure)) == ("kalmikia", "did you mean kalmykia?")
    (fault,) = check_policy_file("nowhere/nothing.toml")
    assert "smolensk_school_23" in str(fault.cure)


def test_file_in_another_encoding_and_a_folder(tmp_path: Path) -> None:
    path = tmp_path / "old.toml"
    path.write_bytes('title = "Положение"'.encode("cp1251"))
    (fault,) = check_policy_file(path)
    assert str(fault.message) == "byte 10 is not UTF-8"
    (fault,) = check_policy_file(tmp_path)
    assert str(fault.message) == "a folder stands where a file is needed"


def test_faults_are_said_in_russian() -> None:
    (fault,) = faults_of(changed(('mode = "weighted"', 'mode = "wieghted"')))
    assert fault.cure is not None
    assert say(fault.message, "ru") == 'неизвестное значение "wieghted"'
    assert say(fault.cure, "ru") == "возможно, имелось в виду weighted"


def test_shipped_schema_is_the_one_in_force() -> None:
    """When this fails: ``matcher policy schema -o matcher/policies/schema.json``."""
    assert json.loads(shipped("schema.json")) == policy_schema()


def test_schema_knows_every_rule_and_refuses_others() -> None:
    rules = policy_schema()["$defs"]["RulesTable"]
    assert rules["required"] == [f"HR-{number:02d}" for number in range(1, 25)]
    assert rules["additionalProperties"] is False


def test_reference_describes_every_key() -> None:
    described = set(
        re.findall(r"[\w-]+", (Path(__file__).parents[3] / "docs/reference/policies.md").read_text("utf-8"))
    )
    rules = {f"{kind}-{number:02d}" for kind, last in (("HR", 24), ("SO", 12)) for number in range(1, last + 1)}
    schema = policy_schema()
    keys = {key for table in (schema, *schema["$defs"].values()) for key in table.get("properties", {})}
    assert keys - rules - set(MentoringKind) <= described
