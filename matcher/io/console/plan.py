"""The summary of a plan on the console."""

from __future__ import annotations

from matcher.explain.findings import PlanReport
from matcher.explain.level_titles import BELOW_ZERO, level_title
from matcher.io.console.paper import Justify, Paper
from matcher.io.plan_book.proof import counts
from matcher.io.sentences.effects import effect_line, plain
from matcher.io.sentences.reasons import profile_line, proof_of_short_set, short_set_line
from matcher.io.sentences.schedule import SCHEDULE_LEVELS, level_words
from matcher.io.sentences.sessions import SessionWords
from matcher.io.sentences.verdicts import status_words
from matcher.io.speaker import Speaker
from matcher.judge.schedule.levels import ScheduleCheck
from matcher.judge.verify_plan import LevelCheck, Verification
from matcher.outcome import Proof, SolveStatus
from matcher.pairing.result import LevelResult
from matcher.plan import Plan
from matcher.texts import Lang, Text, text, text_n

_STATUS_STYLE = {
    SolveStatus.OPTIMAL: "bold green",
    SolveStatus.FEASIBLE: "bold yellow",
    SolveStatus.INFEASIBLE: "bold red",
    SolveStatus.UNKNOWN: "bold red",
}
_MOST_SETS, _MOST_RECRUITS, _MOST_CONFLICTS = 3, 3, 10


def print_plan(plan: Plan, report: PlanReport, lang: Lang) -> None:
    """Print the summary: counts, levels with their proof, who is short, what would help most."""
    paper, speaker = Paper(lang), Speaker(plan, lang)
    paper.title(plan.policy.title if lang == "ru" else plan.policy.title_en)
    paper.line(status_words(plan), _STATUS_STYLE[plan.status])
    paper.table(
        (text("what"), text("how many"), text("of")),
        ((what, str(number), "" if of is None else str(of)) for what, number, of in counts(speaker, report)),
        justify=("left", "right", "right"),
        styles=("", "bold"),
    )
    print_levels(plan.levels, paper)
    _short_sets(report, paper, speaker)
    _recruits(report, paper, speaker)
    _conflicts(plan, paper, speaker)
    for note in plan.notes:
        paper.line(note, "yellow")


def print_levels(levels: tuple[LevelResult, ...], paper: Paper) -> None:
    """Print the levels: what counts, reached, no more than, proved how."""
    paper.title(text("What was decided, in this order"))
    headings = [text("what counts"), text("reached"), text("at most"), text("proved by")]
    rows: list[list[Text | str]] = [
        [level_title(level.name), plain(level.value), plain(level.bound), _proved_by(level)] for level in levels
    ]
    if any(level.price is not None for level in levels):
        headings.insert(3, text("price of one less"))
        for row, level in zip(rows, levels, strict=True):
            row.insert(3, "—" if level.price is None else f"{level.price:g}".replace("-", "−"))
    numbers: list[Justify] = ["right"] * (len(headings) - 2)
    paper.table(headings, rows, justify=("left", *numbers, "left"), styles=("", "bold"))
    if any(level.value < 0 for level in levels):
        paper.line(BELOW_ZERO, "dim")


def _proved_by(level: LevelResult) -> Text:
    if level.proof is Proof.CERTIFICATE:
        return text("prices: anyone can re-check")
    if level.proof is Proof.SOLVER:
        return text("search alone: the bound is looser")
    return text("not proved: {gap} better at most", gap=plain(level.bound - level.value))


def _short_sets(report: PlanReport, paper: Paper, speaker: Speaker) -> None:
    if not report.short_sets:
        return
    paper.title(text("Where mentors are short"))
    for found in report.short_sets[:_MOST_SETS]:
        paper.line(f"• {short_set_line(found, speaker)} ({speaker.say(proof_of_short_set(found))})", "red")


def _recruits(report: PlanReport, paper: Paper, speaker: Speaker) -> None:
    if not report.recruits:
        return
    paper.title(text("What would help most"))
    for recruit in report.recruits[:_MOST_RECRUITS]:
        who = profile_line(recruit, speaker) if recruit.mentor is None else speaker.person(recruit.mentor)
        what = text("a new mentor") if recruit.mentor is None else text("one place more")
        paper.line(f"• {speaker.say(what)}: {who} → {effect_line(recruit.effect, speaker)}", "cyan")


def _conflicts(plan: Plan, paper: Paper, speaker: Speaker) -> None:
    for conflict in plan.conflicts[:_MOST_CONFLICTS]:
        who = f"{speaker.person(conflict.mentor)} – {speaker.person(conflict.mentee)}"
        paper.line(text("for the council to settle: {who}: {what}", who=who, what=conflict.message), "magenta")


def print_verification(found: Verification, lang: Lang, plan: Plan | None = None) -> None:
    """Print the judge's finding: what is wrong, then value, certified bound and proof of every level.

    Where the plan is given, people, pairs and places stand by name.
    """
    paper = Paper(lang)
    words = None if plan is None else SessionWords(Speaker(plan, lang))
    if found.is_valid:
        paper.line(text("The plan keeps every rule; values and bounds are as it states them."), "bold green")
    else:
        count = len(found.violations)
        broken = text_n(
            "{count} thing is wrong with this plan:", "{count} things are wrong with this plan:", count=count
        )
        paper.line(broken, "bold red")
        paper.table(
            (text("rule"), text("whom it concerns"), text("what is wrong")),
            dict.fromkeys(
                (
                    paper.say(_rule_title(v.rule)),
                    "; ".join(_subject(v.rule, s, paper, words) for s in v.subjects),
                    paper.say(v.message) if words is None else words.told(v.message),
                )
                for v in found.violations
            ),
            styles=("cyan", "", "red"),
        )
    if found.levels:
        paper.table(
            (text("what counts"), text("counted"), text("at most, re-checked"), text("proved by")),
            (
                (
                    level_title(level.name),
                    plain(level.value),
                    "—" if level.bound is None else plain(level.bound),
                    _checked(level),
                )
                for level in found.levels
            ),
            justify=("left", "right", "right", "left"),
            styles=("", "bold", "", "green"),
        )

    if found.schedule:
        paper.title(text("The meetings"))
        paper.table(
            (text("what counts"), text("counted"), text("at least, re-checked"), text("proved by")),
            (
                (level_words(level.name), str(level.value), str(level.bound), _schedule_checked(level))
                for level in found.schedule
            ),
            justify=("left", "right", "right", "left"),
            styles=("", "bold", "", "green"),
        )


def _schedule_checked(level: ScheduleCheck) -> Text:
    if level.is_certified:
        return text("certificate: bound and value meet")
    if level.is_best and level.counted_bound == level.value:
        return text("counting common hours: nobody can do better")
    if level.proof is Proof.SOLVER:
        return text("search of the solver, as the plan states")
    if level.is_best:
        return text("bound and value meet, but a level above is not proved")
    if level.stated_bound == level.value:
        return text("a bound of the solver, as the plan states")
    return text("not proved")


#: What the judge looked at where no rule of the regulation is broken.
_CHECKED_PARTS = {
    "plan": text("the plan"),
    "options": text("chosen options"),
    "levels": text("levels"),
    "items": text("items of the certificate"),
    "quotas": text("quotas"),
    "quota": text("quotas"),
    "certificate": text("certificate"),
    "value": text("value of a level"),
    "bound": text("bound of a level"),
    "proof": text("proof of a level"),
    "recount": text("recount"),
}


def _rule_title(rule: str) -> Text | str:
    return _CHECKED_PARTS.get(rule, rule)


def _subject(rule: str, subject: int | str, paper: Paper, words: SessionWords | None) -> str:
    """Return a person or session by name where names are known; levels and parts of the plan by their titles."""
    name = str(subject)
    if rule in ("value", "bound", "certificate", "proof", "recount"):
        return paper.say(level_words(name) if name in SCHEDULE_LEVELS else level_title(name))
    if words is not None and name not in _CHECKED_PARTS:
        return words.subject(name)
    return paper.say(_rule_title(name))


def _checked(level: LevelCheck) -> Text:
    if level.is_certified:
        return text("certificate: bound and value meet")
    if level.proof is Proof.SOLVER:
        return text("search of the solver, as the plan states")
    if level.bound == level.value:
        return text("bound and value meet, but a level above is not proved")
    return text("not proved")
