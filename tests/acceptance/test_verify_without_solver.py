"""`matcher verify`: a plan is re-checked where no solver is installed, and every crafted lie in it is caught."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from matcher.generate.roster import generate_roster
from matcher.io.plan_json import read_plan_json, write_plan_json
from matcher.io.policy_toml import read_policy
from matcher.judge.verify_plan import Verification, verify_plan
from matcher.outcome import Proof
from matcher.plan import make_plan
from matcher.roster import Lock, MenteeCategory, MentoringKind, Organisation, Request, Roster, Topic, Wish
from matcher.timegrid import Busy, BusyState, BusyTime, standard_grid
from tests.acceptance.odd_rosters import DAY
from tests.crowded import crowded_plan
from tests.unit.judge.school import mentee, mentor, person

SMOLENSK = "smolensk_school_23"

BLOCKED = """
import json, sys

class NoSolver:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("ortools", "scipy", "networkx", "highspy"):
            raise ImportError(f"{name} is not installed here")

sys.meta_path.insert(0, NoSolver())
from matcher.io.plan_json import read_plan_json
from matcher.judge.verify_plan import verify_plan

found = verify_plan(read_plan_json(sys.argv[1]))
loaded = sorted({name.partition(".")[0] for name in sys.modules} & {"ortools", "scipy", "networkx", "highspy"})
levels = [level.is_certified for level in found.levels]
meetings = [[level.name, level.value, level.certified_bound, level.is_certified] for level in found.schedule]
print(json.dumps([[v.rule for v in found.violations], levels, meetings, loaded]))
"""


@pytest.fixture(scope="module")
def plan_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the plan of a generated school: groups with slots, inside mentors first."""
    roster = generate_roster(
        num_mentees=30, num_mentors=14, num_organisations=4, num_municipalities=1, seed=5, policy_id=SMOLENSK
    )
    times = [
        BusyTime(person=p.id, week=None, weekday=1 + at % 5, start_minute=480, end_minute=840, state=BusyState.LESSON)
        for at, p in enumerate(roster.people)
    ]
    busy = Busy.of(standard_grid(), times, people=[p.id for p in roster.people])
    plan = make_plan(roster, read_policy(SMOLENSK), busy=busy, reference_day=DAY, time_limit=60)
    file = tmp_path_factory.mktemp("verify") / "plan.json"
    write_plan_json(plan, file)
    return file


@pytest.fixture(scope="module")
def small_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a plan in which every part is there once.

    A goes to M and B to M2 as they wish, C and D sit in the group of M3 (C could be with M as well, but accepts groups
    alone), E asks for what nobody covers, F comes after the novices. D teaches on Monday at 8.
    """
    young = {"pedagogical_experience_years": 1, "birth_date": date(2001, 5, 1)}
    ids = ("A", "B", "C", "D", "E")
    needs = {"deficits": (), "max_mentors": 1}
    newcomer = {"categories": (MenteeCategory.NEWCOMER,), "primary_category": MenteeCategory.NEWCOMER}
    roster = Roster(
        organisations=(Organisation(id="O-1", municipality="Town", region="Land"),),
        people=(*(person(id_) for id_ in ("M", "M2", "M3")), *(person(id_, **young) for id_ in ids), person("F")),
        mentors=(
            mentor("M", max_individual=1, max_groups=0),
            mentor("M2", max_individual=1, max_groups=0),
            mentor("M3", max_individual=0, max_groups=1),
        ),
        mentees=(
            mentee("A", kinds=(MentoringKind.TRADITIONAL,), **needs),
            mentee("B", kinds=(MentoringKind.TRADITIONAL,), **needs),
            mentee("C", kinds=(MentoringKind.GROUP,), **needs),
            mentee("D", kinds=(MentoringKind.GROUP,), **needs),
            mentee("F", kinds=(MentoringKind.TRADITIONAL,), **newcomer, **needs),
            mentee("E", requests=(Request(topic=Topic.SUBJECT_CONTENT, subject="art"),), **needs),
        ),
        wishes=(Wish(from_person="A", to_person="M", score=9), Wish(from_person="B", to_person="M2", score=9)),
        locks=(Lock(mentor="M", mentee="A"),),
    )
    taught = BusyTime(person="D", week=None, weekday=1, start_minute=480, end_minute=540, state=BusyState.LESSON)
    busy = Busy.of(standard_grid(), [taught], people=[found.id for found in roster.people])
    plan = make_plan(roster, read_policy("kalmykia"), busy=busy, reference_day=DAY)
    file = tmp_path_factory.mktemp("lies") / "plan.json"
    write_plan_json(plan, file)
    return file


def test_the_small_plan_is_as_described(small_file: Path) -> None:
    plan = read_plan_json(small_file)
    assert [(pair.mentor, pair.mentee, pair.locked) for pair in plan.pairs] == [
        ("M", "A", True),
        ("M2", "B", False),
        ("M3", "C", False),
        ("M3", "D", False),
    ]
    assert [group.members for group in plan.groups] == [("C", "D")]
    assert plan.unmatched == ("E", "F")
    assert verify_plan(plan).violations == ()


def test_the_plan_is_worth_checking(plan_file: Path) -> None:
    plan = read_plan_json(plan_file)
    assert plan.groups
    assert any(pair.group is None for pair in plan.pairs)
    assert any(group.slot is not None for group in plan.groups)
    assert any(level.name.startswith("internal_first") for level in plan.levels)


def test_no_solver_is_needed(plan_file: Path) -> None:
    violations, certified, meetings, loaded = without_solver(plan_file)
    assert violations == []
    assert certified[0]
    assert meetings == []
    assert loaded == []


def without_solver(file: Path) -> Any:
    done = subprocess.run([sys.executable, "-c", BLOCKED, file], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_meetings_are_proved_without_a_solver(tmp_path: Path) -> None:
    write_plan_json(crowded_plan(), tmp_path / "plan.json")
    violations, _, meetings, loaded = without_solver(tmp_path / "plan.json")
    assert violations == []
    assert meetings == [["missing", 1, 1, True], ["rhythm", 4, 4, True]]
    assert loaded == []


def test_each_level_is_checked(plan_file: Path) -> None:
    plan = read_plan_json(plan_file)
    found = verify_plan(plan)
    assert found.is_valid
    assert [level.name for level in found.levels] == [level.name for level in plan.levels]
    for level, stated in zip(found.levels, plan.levels, strict=True):
        assert (level.value, level.bound) == (stated.value, stated.bound)
        assert level.bound is not None
        assert level.bound >= level.value
        assert level.is_certified == (stated.proof is Proof.CERTIFICATE)
    assert found.recount is not None
    assert found.recount.pairs == len(plan.pairs)


def lied(small_file: Path, change: Callable[[Any], None], tmp_path: Path) -> Verification:
    document = json.loads(small_file.read_text(encoding="utf-8"))
    change(document)
    target = tmp_path / "plan.json"
    target.write_text(json.dumps(document), encoding="utf-8")
    return verify_plan(read_plan_json(target))


def level(document: Any, name: str) -> Any:
    return next(found for found in document["levels"] if found["name"] == name)


def prices(document: Any, name: str) -> Any:
    return next(found for found in document["certificate"]["prices"] if found["level"] == name)


def pair(document: Any, mentee_id: str) -> Any:
    return next(found for found in document["pairs"] if found["mentee"] == mentee_id)


def value_raised(document: Any) -> None:
    level(document, "SO-02")["value"] += 1


def value_raised_everywhere(document: Any) -> None:
    at = [found["name"] for found in document["levels"]].index("SO-02")
    for part in ("value", "bound"):
        document["levels"][at][part] += 1
    document["certificate"]["values"][at] += 1


def bound_raised(document: Any) -> None:
    level(document, "SO-02")["bound"] += 1


def bound_lowered(document: Any) -> None:
    level(document, "SO-07+SO-12")["bound"] -= 1


def price_lowered(document: Any) -> None:
    """Take away a price that a bound stands on: F cannot be served beside A and B."""
    priced = prices(document, "SO-01:2")
    kind = next(kind for kind in ("mentee", "item", "served") if priced.get(kind))
    id_ = next(iter(priced[kind]))
    priced[kind][id_] = 0


def price_below_nothing(document: Any) -> None:
    prices(document, "SO-02")["mentee"] = {"A": -1}


def weight_removed(document: Any) -> None:
    prices(document, "locks")["weight"] = [0]


def pair_removed(document: Any) -> None:
    document["pairs"].remove(pair(document, "B"))
    document["unmatched"] = ["B", "E", "F"]


def pair_and_option_removed(document: Any) -> None:
    document["options"].pop(document["pairs"].index(pair(document, "B")))
    pair_removed(document)


def mentors_exchanged(document: Any) -> None:
    pair(document, "A").pop("locked")
    pair(document, "A")["mentor"], pair(document, "B")["mentor"] = "M2", "M"


def points_raised(document: Any) -> None:
    pair(document, "B")["points"]["SO-03"] += 500


def cover_invented(document: Any) -> None:
    pair(document, "B")["covers"].append("deficit:digital")


def warning_hidden(document: Any) -> None:
    pair(document, "B").pop("warnings")


def kind_changed(document: Any) -> None:
    pair(document, "B")["kind"] = "short_term"


def minutes_halved(document: Any) -> None:
    pair(document, "B")["minutes"] //= 2


def mentor_invented(document: Any) -> None:
    pair(document, "B")["mentor"] = "nobody"


def meeting_price_lowered(document: Any) -> None:
    document["schedule"]["certificates"][0]["pools"]["A"].pop()


def meeting_bound_lowered(document: Any) -> None:
    level = next(found for found in document["schedule"]["levels"] if found["name"] == "rhythm")
    level["bound"] -= 1


def missing_for_nothing(document: Any) -> None:
    document["schedule"]["certificates"][1]["missed"] = 0


MEETING_LIES: dict[Callable[[Any], None], set[str]] = {
    meeting_price_lowered: {"bound", "proof"},
    meeting_bound_lowered: {"bound"},
    missing_for_nothing: {"bound", "proof"},
}


@pytest.mark.parametrize("lie", MEETING_LIES, ids=lambda lie: lie.__name__)
def test_a_lie_about_meetings_is_caught(lie: Callable[[Any], None], tmp_path: Path) -> None:
    file = tmp_path / "true.json"
    write_plan_json(crowded_plan(), file)
    assert {found.rule for found in lied(file, lie, tmp_path).violations} == MEETING_LIES[lie]


def option_that_is_none(document: Any) -> None:
    document["options"][0] = 10**7


def option_twice(document: Any) -> None:
    document["options"].append(document["options"][0])


def slot_moved(document: Any) -> None:
    """Let the group meet on Monday at 8, when D teaches."""
    document["groups"][0]["slot"] = 0


def slot_moved_everywhere(document: Any) -> None:
    document["groups"][0]["slot"] = document["open_groups"][0][1] = 0


def member_left_out(document: Any) -> None:
    document["groups"][0]["members"] = ["C"]


def group_of_one(document: Any) -> None:
    """Send D away, everywhere at once."""
    document["options"].pop(document["pairs"].index(pair(document, "D")))
    document["pairs"].remove(pair(document, "D"))
    document["groups"][0]["members"] = ["C"]
    document["unmatched"] = ["D", "E", "F"]


def theme_changed(document: Any) -> None:
    document["groups"][0]["topic"] = "parents"


def lock_removed(document: Any) -> None:
    """Let the locked pair end, everywhere at once."""
    document["options"].pop(document["pairs"].index(pair(document, "A")))
    document["pairs"].remove(pair(document, "A"))
    document["unmatched"] = ["A", "E", "F"]


def lock_called_off(document: Any) -> None:
    pair(document, "A").pop("locked")


def veto_afterwards(document: Any) -> None:
    document["roster"]["wishes"].append({"from_person": "M2", "to_person": "B", "veto": True})


def cap_lowered_afterwards(document: Any) -> None:
    next(found for found in document["roster"]["mentors"] if found["person"] == "M2")["hours_per_week"] = 0.25


def unmatched_forgotten(document: Any) -> None:
    document["unmatched"] = []


def proof_dropped(document: Any) -> None:
    level(document, "SO-02").pop("proof")


def level_renamed(document: Any) -> None:
    level(document, "SO-09")["name"] = prices(document, "SO-09")["level"] = "SO-99"


def item_renamed(document: Any) -> None:
    old = document["certificate"]["items"][0]
    text = json.dumps(document["certificate"]).replace(json.dumps(old), json.dumps("A request:9"))
    document["certificate"] = json.loads(text)


LIES: dict[Callable[[Any], None], set[str]] = {
    value_raised: {"value"},
    value_raised_everywhere: {"value", "bound"},
    bound_raised: {"bound"},
    bound_lowered: {"bound"},
    price_lowered: {"bound", "proof"},
    price_below_nothing: {"certificate", "proof"},
    weight_removed: {"certificate", "proof"},
    pair_removed: {"options"},
    pair_and_option_removed: {"value", "bound", "proof"},
    mentors_exchanged: {"HR-22", "options"},
    points_raised: {"options"},
    cover_invented: {"9.7", "options"},
    warning_hidden: {"options"},
    kind_changed: {"9.7", "C-05", "options"},
    minutes_halved: {"9.7", "options"},
    mentor_invented: {"plan"},
    option_that_is_none: {"options"},
    option_twice: {"options"},
    slot_moved: {"HR-20", "options"},
    slot_moved_everywhere: {"HR-20", "options"},
    member_left_out: {"HR-07", "options", "plan"},
    group_of_one: {"HR-07", "value", "bound", "proof"},
    theme_changed: {"HR-04", "options"},
    lock_removed: {"HR-22", "value", "bound", "proof"},
    lock_called_off: {"HR-22", "options", "recount"},
    veto_afterwards: {"HR-02", "options"},
    cap_lowered_afterwards: {"HR-06", "bound", "proof"},
    unmatched_forgotten: {"plan"},
    proof_dropped: {"proof"},
    level_renamed: {"levels"},
    item_renamed: {"items"},
}


@pytest.mark.parametrize("lie", LIES, ids=lambda lie: lie.__name__)
def test_a_lie_is_caught(lie: Callable[[Any], None], small_file: Path, tmp_path: Path) -> None:
    assert {violation.rule for violation in lied(small_file, lie, tmp_path).violations} == LIES[lie]


def test_a_certificate_is_claimed_that_proves_nothing(small_file: Path, tmp_path: Path) -> None:
    """The prices are weak and the bound says so; only the word "certificate" is wrong."""

    def weaken(document: Any) -> None:
        weak = prices(document, "SO-01:2")
        for kind in ("mentee", "item", "served", "quota", "minute", "floor"):
            weak.pop(kind, None)
        weak["weight"] = [0] * (len(weak["weight"]) - 1) + [1]

    found = lied(small_file, weaken, tmp_path)
    honest = next(check.bound for check in found.levels if check.name == "SO-01:2")

    def claim(document: Any) -> None:
        weaken(document)
        level(document, "SO-01:2")["bound"] = honest

    assert honest == 1
    assert {violation.rule for violation in lied(small_file, claim, tmp_path).violations} == {"proof"}
