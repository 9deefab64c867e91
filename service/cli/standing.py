"""What a command on the machine itself may do: all an administrator of all areas may, written down as "command"."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from matcher.errors import Fault, InputError
from matcher.texts import text

if TYPE_CHECKING:
    from sqlmodel import Session

    from service.tables.access import Account, Role
    from service.tables.areas import Area
    from service.viewer import Viewer

ACTOR = "command"


def everything() -> Viewer:
    """Return the viewer of a command: whoever may start one on this machine holds the data anyway."""
    from service.tables.access import Role
    from service.viewer import Held, Viewer

    return Viewer(actor=ACTOR, held=(Held(role=Role.ADMINISTRATOR, area_id="", path="/"),))


@contextmanager
def told_as_input(place: str) -> Iterator[None]:
    """Tell a problem as the wrong input of a command."""
    from service.errors import Problem

    try:
        yield
    except Problem as problem:
        raise InputError(problem.faults or [Fault(place, problem.detail or problem.title)]) from None


def account_named(session: Session, login: str) -> Account:
    """Return the account of a login.

    Raises
    ------
    InputError
        When there is none.
    """
    from sqlmodel import select

    from service.access.sign_in import same_login
    from service.tables.access import Account

    account = session.exec(select(Account).where(Account.login == same_login(login))).first()
    if account is None:
        cure = text("matcher user list shows them all")
        raise InputError([Fault(login, text("there is no account with this login"), cure)])
    return account


def area_named(session: Session, word: str) -> Area:
    """Return the area of a code or an id.

    Raises
    ------
    InputError
        When there is none, or more than one of the code.
    """
    from sqlmodel import or_, select

    from service.tables.areas import Area

    found = session.exec(select(Area).where(or_(Area.id == word, Area.code == word))).all()
    if len(found) == 1:
        return found[0]
    every = session.exec(select(Area).order_by(Area.path).limit(50)).all()
    shown = ", ".join(f"{area.code} ({area.id})" for area in (found or every))
    what = text("there are several areas of this code; give the id") if found else text("there is no such area")
    raise InputError([Fault(word, what, text("give the code or the id of an area: {areas}", areas=shown))])


def role_named(word: str) -> Role:
    """Return a role by its word.

    Raises
    ------
    InputError
        When there is none.
    """
    from service.tables.access import Role

    try:
        return Role(word)
    except ValueError:
        cure = text("give one of {roles}", roles=", ".join(Role))
        raise InputError([Fault(word, text("there is no such role"), cure)]) from None
