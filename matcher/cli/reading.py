"""Commands that read a finished plan: `explain`, `compare`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from matcher.cli.language import chosen, t
from matcher.cli.options import PlanPath
from matcher.errors import Fault, InputError
from matcher.texts import text

if TYPE_CHECKING:
    from matcher.plan import Plan

NEGATIVE = 1


def add_commands(app: typer.Typer) -> None:
    """Add the commands of this module to ``app``."""
    app.command("explain", help=t(text("Why this pair, why nobody, what would help, whom to recruit.")))(explain)
    app.command("compare", help=t(text("What changed between two plans.")))(compare)


def explain(
    plan: PlanPath,
    mentee: Annotated[
        str | None,
        typer.Option("--mentee", metavar="ID", help=t(text("Why this mentee has these mentors, or nobody."))),
    ] = None,
    mentor: Annotated[
        str | None, typer.Option("--mentor", metavar="ID", help=t(text("Why this mentor has these mentees.")))
    ] = None,
    pair: Annotated[
        str | None, typer.Option("--pair", metavar="M:N", help=t(text("What this pair would cost, and whom it moves.")))
    ] = None,
    forbid: Annotated[
        bool, typer.Option("--forbid", help=t(text("With --pair: what its absence would cost.")))
    ] = False,
    recruit: Annotated[
        int | None,
        typer.Option("--recruit", metavar="K", min=1, help=t(text("Whom to recruit: the K most valuable places."))),
    ] = None,
    blocking: Annotated[
        bool, typer.Option("--blocking", help=t(text("Pairs that would rather have each other.")))
    ] = False,
    alternatives: Annotated[
        int | None, typer.Option("--alternatives", metavar="N", min=1, help=t(text("N other plans nearly as good.")))
    ] = None,
    session: Annotated[
        str | None,
        typer.Option(
            "--session", metavar="ID", help=t(text("Why this meeting is when it is, or has no place: M-1:N-1/4."))
        ),
    ] = None,
    differ: Annotated[
        int, typer.Option("--differ", metavar="K", min=1, help=t(text("Each differs in at least K pairs.")))
    ] = 3,
) -> None:
    """Explain a plan: one mentee, one mentor, one pair, one meeting, or the whole of it."""
    if forbid and pair is None:
        raise InputError([Fault("--forbid", text("it is not said which pair"), text("add --pair M:N"))])
    from matcher.explain.questions import Questioned
    from matcher.io import console
    from matcher.io.plan_json import read_plan_json

    lang = chosen()
    if session is not None:
        _explain_session(read_plan_json(plan), session)
        return
    asked = Questioned.of(read_plan_json(plan))
    if mentee is not None:
        console.print_mentee(asked.mentee(mentee), lang)
    if mentor is not None:
        console.print_mentor(asked.mentor(mentor), lang)
    if pair is not None:
        console.print_what_if(asked.what_if(*_two_ids(pair), forbid=forbid), lang)
    if recruit is not None:
        console.print_recruits(asked.recruit(recruit), lang)
    if blocking:
        console.print_blocking(asked.blocking(), lang)
    if alternatives is not None:
        console.print_alternatives(asked.alternatives(alternatives, differ), lang)
    if not blocking and all(question is None for question in (mentee, mentor, pair, recruit, alternatives)):
        console.print_plan(asked.plan, asked.report, lang)


def _explain_session(plan: Plan, session: str) -> None:
    from matcher.impossible.explain_session import explain_session, is_wanted
    from matcher.io.console.session_answers import print_session

    if plan.schedule is None:
        cure = text("plan again with the timetables of the schools")
        raise InputError([Fault("--session", text("this plan has no schedule of meetings"), cure)])
    if not is_wanted(plan.schedule, session):
        cure = text("write the pair or group and the number of the meeting, as in M-1:N-1/4")
        raise InputError([Fault("--session", text("the plan wants no meeting {id}", id=session), cure)])
    print_session(plan, explain_session(plan, session), chosen())


def _two_ids(pair: str) -> tuple[str, str]:
    mentor, colon, mentee = pair.partition(":")
    if not (mentor and colon and mentee):
        raise InputError([Fault("--pair", text("two ids with a colon are needed"), text("for example M-1:N-2"))])
    return mentor, mentee


def compare(before: PlanPath, after: PlanPath) -> None:
    """Say what changed from one plan to another."""
    from matcher.compare import compare_plans
    from matcher.io import console
    from matcher.io.plan_json import read_plan_json

    first, second = read_plan_json(before), read_plan_json(after)
    console.print_comparison(compare_plans(first, second), chosen(), second)
    console.print_session_changes(first, second, chosen())
