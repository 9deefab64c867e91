"""What the command prints: every answer in both languages, one line a fault where no terminal is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from matcher.compare import compare_plans
from matcher.errors import Fault
from matcher.explain.level_titles import level_title
from matcher.explain.questions import Questioned
from matcher.io import console
from matcher.io.policy_toml import read_policy
from matcher.io.report import CheckReport, Remark
from matcher.io.sentences.sessions import SessionWords
from matcher.io.speaker import Speaker
from matcher.judge.verify_plan import verify_plan
from matcher.outcome import Progress
from matcher.roster import Lock, Topic
from matcher.texts import Lang, say, text
from tests.crowded import crowded_plan
from tests.rosters import Round, request
from tests.unit.explain.plans import plan_of, short_of_maths
from tests.unit.repair.year import planned_year

BOTH: tuple[Lang, ...] = ("ru", "en")


def printed(capsys: pytest.CaptureFixture[str]) -> str:
    found = capsys.readouterr()
    return found.out + found.err


def test_every_fault_has_its_line_on_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    faults = [Fault(f"roster.xlsx, people, A{row}", text("negative"), text("cure {n}", n=row)) for row in range(2, 32)]
    console.print_faults(faults, "en")
    found = capsys.readouterr()
    assert found.out == ""
    lines = [line for line in found.err.splitlines() if line]
    assert lines[0] == "roster.xlsx, people, A2: negative → cure 2"
    assert len(lines) == 30


def test_markup_in_a_file_is_printed_as_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    console.print_faults([Fault("[bold]x[/bold]", text("{name}", name="[red]y"))], "en")
    assert "[bold]x[/bold]: [red]y" in printed(capsys)


def test_remarks_of_one_kind_are_counted(capsys: pytest.CaptureFixture[str]) -> None:
    remarks = [Remark(f"A{row}", text("{name}", name=f"a{row}"), kind="spaces") for row in range(8)]
    console.print_remarks(remarks, "ru")
    found = printed(capsys)
    assert found.count("A") == 5
    assert "и ещё 3 таких же замечания" in found


def test_a_remark_on_several_places_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    console.print_remarks([Remark(f"A{row}", text("negative"), kind="spaces") for row in range(8)], "ru")
    assert printed(capsys) == "A0, A1, A2, A3, A4 и ещё 3: отрицательное число\n"


def test_a_roster_without_faults_is_counted(capsys: pytest.CaptureFixture[str]) -> None:
    console.print_check(CheckReport(short_of_maths().roster, (), ()), "ru")
    assert "Прочитано: 7 человек, 3 наставника, 4 наставляемых, 1 организация." in printed(capsys)


@pytest.mark.parametrize("lang", BOTH)
def test_a_plan_is_summed_up(capsys: pytest.CaptureFixture[str], lang: Lang) -> None:
    plan = plan_of(short_of_maths())
    console.print_plan(plan, Questioned.of(plan).report, lang)
    found = printed(capsys)
    for sentence in (
        text("What was decided, in this order"),
        text("Where mentors are short"),
        text("What would help most"),
        text("prices: anyone can re-check"),
    ):
        assert say(sentence, lang) in found


@pytest.mark.parametrize("lang", BOTH)
def test_every_answer_is_printed_in_full(capsys: pytest.CaptureFixture[str], lang: Lang) -> None:
    plan = plan_of(short_of_maths())
    asked = Questioned.of(plan, time_limit=5.0)
    alone, pair = plan.unmatched[0], plan.pairs[0]
    answers: dict[str, Callable[[], None]] = {
        "proved by counting places": lambda: console.print_mentee(asked.mentee(alone), lang),
        "the mentee's next best": lambda: console.print_mentee(asked.mentee(pair.mentee), lang),
        "Whom the rules refuse to this mentor": lambda: console.print_mentor(asked.mentor("M-3"), lang),
        "proved: no plan with this change gains more": lambda: console.print_recruits(asked.recruit(2), lang),
        "Nobody would rather have each other than what they have.": lambda: console.print_blocking(
            asked.blocking(), lang
        ),
        "the whole round solved again; nothing better exists": lambda: console.print_alternatives(
            asked.alternatives(1, 1), lang
        ),
        "So many changes allowed, so much gained": lambda: console.print_curve(asked.curve(), lang),
    }
    for sentence, answer in answers.items():
        answer()
        assert say(text(sentence), lang) in printed(capsys), sentence


@pytest.mark.parametrize("lang", BOTH)
def test_a_forbidden_pair_is_answered_with_the_rule(capsys: pytest.CaptureFixture[str], lang: Lang) -> None:
    asked = Questioned.of(plan_of(short_of_maths()))
    console.print_what_if(asked.what_if("M-3", "N-1"), lang)
    assert "4.5" in printed(capsys)


def test_a_comparison_shows_each_figure_on_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    before = plan_of(short_of_maths())
    after = plan_of(short_of_maths().mentor("M-9", max_groups=0))
    console.print_comparison(compare_plans(before, after), "ru", after)
    found = printed(capsys)
    assert "наставляемые с наставником\t3\t4\t+1" in found
    assert "наставляемые без наставника\t1\t0\t−1" in found
    assert "часы в неделю у всех наставляемых\t1,5\t2,0\t+0,5" in found


def test_a_verified_plan_shows_what_is_certified(capsys: pytest.CaptureFixture[str]) -> None:
    console.print_verification(verify_plan(plan_of(short_of_maths())), "ru")
    found = printed(capsys)
    assert "План соблюдает все правила" in found
    assert "расчёт: граница и значение совпали" in found


MEETINGS_PROVED = {
    "en": ("meetings without a place\t1\t1", "different days and hours, summed over pairs\t4\t4"),
    "ru": ("встречи, которым не нашлось времени\t1\t1", "разных дней и часов, в сумме по парам\t4\t4"),
}


@pytest.mark.parametrize("lang", BOTH)
def test_meetings_are_proved_by_certificate(capsys: pytest.CaptureFixture[str], lang: Lang) -> None:
    plan = crowded_plan()
    console.print_verification(verify_plan(plan), lang, plan)
    lines = printed(capsys).splitlines()
    proof = say(text("certificate: bound and value meet"), lang)
    for level in MEETINGS_PROVED[lang]:
        assert f"{level}\t{proof}" in lines


def test_meetings_without_prices_are_not_called_proved(capsys: pytest.CaptureFixture[str]) -> None:
    plan = crowded_plan()
    assert plan.schedule is not None
    levels = tuple(replace(level, proof=None) for level in plan.schedule.levels)
    open_ = replace(plan, schedule=replace(plan.schedule, certificates=(), levels=levels))
    console.print_verification(verify_plan(open_), "en", open_)
    assert "meetings without a place\t1\t0\ta bound of the solver, as the plan states" in printed(capsys).splitlines()


def test_a_level_whose_bound_is_met_below_an_unproved_one_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    found = verify_plan(plan_of(short_of_maths()))
    first, *rest = found.levels
    levels = (replace(first, bound=first.value + 1, proof=None), *(replace(level, proof=None) for level in rest))
    levels = tuple(replace(level, is_certified=False) for level in levels)
    console.print_verification(replace(found, levels=levels), "ru")
    lines = printed(capsys).splitlines()
    assert lines[2].endswith("\tне доказано")
    assert all(line.endswith("граница и значение совпали, но не доказана одна из строк выше") for line in lines[3:])


def test_what_is_wrong_with_a_plan_is_told_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    plan = plan_of(short_of_maths())
    lied = replace(plan, levels=(replace(plan.levels[0], value=plan.levels[0].value + 1), *plan.levels[1:]))
    console.print_verification(verify_plan(lied), "ru")
    assert f"значение строки\t{say(level_title(plan.levels[0].name), 'ru')}\t" in printed(capsys)


def test_what_is_wrong_with_meetings_is_told_with_names(capsys: pytest.CaptureFixture[str]) -> None:
    plan = planned_year()
    assert plan.schedule is not None
    first = plan.schedule.sessions[0]
    at_night = replace(first, start_minute=1300, end_minute=1345)
    schedule = replace(plan.schedule, sessions=(at_night, *plan.schedule.sessions[1:]))
    wrong = replace(plan, schedule=schedule)
    console.print_verification(verify_plan(wrong), "ru", wrong)
    lines = [line for line in printed(capsys).splitlines() if "раньше или позже часов" in line]
    words = SessionWords(Speaker(plan, "ru"))
    assert words.subject(first.id).endswith(f", встреча {first.number}")
    assert lines
    assert all(words.subject(first.id) in line for line in lines)


@pytest.mark.parametrize("lang", BOTH)
def test_policies_are_listed_and_shown(capsys: pytest.CaptureFixture[str], lang: Lang) -> None:
    policy = read_policy("kalmykia")
    console.print_policy_list([policy], lang)
    assert policy.title_en.split()[0] in printed(capsys) if lang == "en" else True
    console.print_policy(policy, lang)
    assert len(printed(capsys).splitlines()) > 20


def test_candidates_say_who_has_nobody_before_anything_is_solved(capsys: pytest.CaptureFixture[str]) -> None:
    here = (
        Round().mentor("M-1", subjects=("history",)).mentee("N-1").mentee("N-2", requests=(request(Topic.UPBRINGING),))
    )
    console.print_candidates(here.build(), "ru")
    found = printed(capsys)
    assert "У 1 наставляемого нет возможного наставника:" in found
    assert "• N-1:" in found
    roster = here.roster
    named = replace(roster, people=tuple(replace(person, name="Анна") for person in roster.people))
    console.print_candidates(here.build(), "ru", named)
    assert "• Анна (N-1):" in printed(capsys)


def test_a_running_solve_says_value_bound_and_gap() -> None:
    line = console.progress_line(Progress("search", "SO-01:1", 10.0, 12.0, 3.2))
    assert say(line, "en") == "mentees with a mentor, turn 1 · found 10, no more than 12 (gap 20.00 %) · 3 s"
    assert say(console.progress_line(Progress("build", "", None, None, 0.4)), "ru") == "подготовка · 0 с"


def test_a_conflict_for_the_council_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    here = Round().mentor("M-1", subjects=("history",)).mentee("N-1").add(locks=[Lock(mentor="M-1", mentee="N-1")])
    plan = plan_of(here)
    console.print_plan(plan, Questioned.of(plan).report, "ru")
    assert "на решение совета: M-1 – N-1" in printed(capsys)


def test_a_pair_before_a_colon_is_told_by_name() -> None:
    plan = planned_year()
    pair = plan.pairs[0]
    named = replace(
        plan, roster=replace(plan.roster, people=tuple(replace(p, name=f"x{p.id}") for p in plan.roster.people))
    )
    told = SessionWords(Speaker(named, "en")).told(text("nothing for {ids}: over", ids=f"{pair.mentor}:{pair.mentee}"))
    assert told == f"nothing for x{pair.mentor} – x{pair.mentee}: over"
