"""Scenario files: what is read, and every fault at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from matcher.errors import InputError
from scenarios.reading import list_scenarios, read_scenario
from scenarios.runs import expand
from tests.scenarios.cases import TINY, made, written

REGULATIONS = {"barnaul", "anuchino", "kalmykia", "dalnerechensk", "smolensk_school_23"}


def test_every_regulation_has_a_scenario_with_a_story_and_facts() -> None:
    assert set(list_scenarios()) >= REGULATIONS
    for name in sorted(REGULATIONS):
        scenario = read_scenario(name)
        assert scenario.settings.policy == name
        assert (scenario.folder / "README.md").is_file()
        assert (scenario.folder / "expected.toml").is_file()
        assert [run.name for run in expand(scenario)] == [name]


def test_all_faults_of_a_file_are_told_with_their_lines(tmp_path: Path) -> None:
    wrong = TINY.replace("work_limit = 20", "work_limt = 20").replace("mentors = 4", 'mentors = "four"')
    with pytest.raises(InputError) as found:
        read_scenario(written(tmp_path, wrong))
    places = [fault.place.partition("scenario.toml:")[2] for fault in found.value.faults]
    assert places == ["5: work_limt", "9: roster.mentors"]
    assert "work_limit" in str(found.value.faults[0].cure)


def test_keys_that_do_not_go_together_are_told(tmp_path: Path) -> None:
    wrong = TINY.replace('what = "pair"', 'what = "dance"').replace("mentors = 4\n", "")
    wrong = 'stated = "nowhere.toml"\n' + wrong + "[changes]\ntoday = 2026-12-01\n"
    with pytest.raises(InputError) as found:
        read_scenario(written(tmp_path, wrong))
    messages = " ".join(str(fault.message) for fault in found.value.faults)
    for part in ("dance is unknown", "which people take part", "no meetings to repair", "no file nowhere.toml"):
        assert part in messages


def test_a_name_nobody_has_is_told_with_the_near_one() -> None:
    with pytest.raises(InputError) as found:
        read_scenario("kalmikia")
    assert "kalmykia" in str(found.value.faults[0].cure)


def test_axes_give_one_run_for_each_combination(tmp_path: Path) -> None:
    axes = '[axes]\n"policy.load.max_individual_mentees" = [2, 3]\n"roster.seed" = { first = 1, last = 3 }\n'
    runs = expand(made(tmp_path, TINY + axes))
    assert len(runs) == len({run.digest for run in runs}) == 6
    assert runs[1].name == "trial[policy.load.max_individual_mentees=2,roster.seed=2]"
    assert runs[1].settings.roster.seed == 2
    assert runs[3].policy["load"]["max_individual_mentees"] == 3


def test_axes_without_a_key_or_with_wrong_values_are_told(tmp_path: Path) -> None:
    axes = '[axes]\n"policy.load.nothing" = [1]\n'
    with pytest.raises(InputError, match=r"policy\.load\.nothing.*names no key"):
        expand(made(tmp_path, TINY + axes))
    (tmp_path / "other").mkdir()
    with pytest.raises(InputError, match="do not fit"):
        expand(made(tmp_path / "other", TINY + '[axes]\n"policy.load.soft_mentees" = [-1]\n'))


def test_the_digest_speaks_of_all_that_goes_in_and_of_no_title(tmp_path: Path) -> None:
    digests = []
    for number, content in enumerate((TINY, TINY.replace("Trial", "Other"), TINY.replace("seed = 1", "seed = 2"))):
        (tmp_path / str(number)).mkdir()
        digests.append(expand(made(tmp_path / str(number), content))[0].digest)
    assert digests[0] == digests[1] != digests[2]
