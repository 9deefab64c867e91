"""What forms of pages share: a thing is done whole or not at all, and days are read as browsers send them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date

from sqlmodel import Session, col, select
from starlette.datastructures import FormData

from matcher.errors import Fault, InputError
from matcher.texts import text
from service.errors import Problem, stale, wrong_input
from service.rounds.desk import Desk
from service.routes.rounds import desk_of
from service.tables.access import Account
from service.work import Work


def attempt(work: Work, act: Callable[[Work], None]) -> Problem | None:
    """Do something in a transaction of its own; return why it was not done, and then nothing of it is kept."""
    work.session.rollback()  # what was read before may be another state than the one that is changed now
    try:
        with work.core.database.writing() as session:
            act(replace(work, session=session))
    except Problem as problem:
        return problem
    except InputError as error:
        return wrong_input(error.faults)
    return None


def desk_at(work: Work, round_id: str, form: FormData) -> Desk:
    """Return the desk of a round, where it still stands as the form has shown it; 409 otherwise."""
    desk = desk_of(work, round_id)
    if str(desk.round_.version) != form.get("version"):
        raise stale()
    return desk


def word(form: FormData, name: str) -> str:
    """Return what was written into a field, without blanks around it; empty where nothing was."""
    value = form.get(name, "")
    return value.strip() if isinstance(value, str) else ""


def words(form: FormData, name: str) -> list[str]:
    """Return everything that was ticked under a name."""
    return [one for one in form.getlist(name) if isinstance(one, str)]


def day_in(form: FormData, name: str) -> date | None:
    """Return a day a form gives; None where it is left empty.

    Raises
    ------
    Problem
        422 where it is none.
    """
    given = word(form, name)
    try:
        return date.fromisoformat(given) if given else None
    except ValueError:
        raise wrong_input([Fault(name, text("“{value}” is not a date", value=given[:40]))]) from None


def needed_day(form: FormData, name: str) -> date:
    """Return a day a form has to give; 422 where it does not."""
    found = day_in(form, name)
    if found is None:
        raise wrong_input([Fault(name, text("this has to be given"))])
    return found


def names_of_actors(session: Session, actors: set[str]) -> Mapping[str, str]:
    """Return what people with accounts are called, by the word under which the trail knows them."""
    ids = [one.removeprefix("account:") for one in actors if one.startswith("account:")]
    found = session.exec(select(Account.id, Account.name, Account.login).where(col(Account.id).in_(ids)))
    return {f"account:{id_}": name or login for id_, name, login in found}
