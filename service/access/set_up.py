"""The first start: a link that works once, with which the first administrator makes the areas and his own account."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlmodel import Session, col, select

from matcher.errors import Fault
from matcher.texts import text
from service.access.passwords import faults_of, hash_password
from service.access.secrets import hash_of, new_secret
from service.access.sign_in import same_login
from service.audit import append_audit
from service.core import Core
from service.errors import not_found, wrong_input
from service.settings import Settings
from service.tables.access import Account, Grant, Role
from service.tables.areas import Area, AreaKind
from service.tables.columns import now
from service.tables.privacy import Setting

SETTING = "set_up"
LINK_HOURS = 48


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstSteps:
    """What the first administrator says: the areas from the top down (kind, code, name), and who he is."""

    areas: tuple[tuple[AreaKind, str, str], ...]
    organisation_type: str | None
    time_zone: str
    login: str
    name: str
    password: str


def public_address(settings: Settings) -> str:
    """Return the address under which people reach the service, without a slash at its end."""
    host = "127.0.0.1" if settings.host in ("0.0.0.0", "::") else settings.host
    return (settings.public_url or f"http://{host}:{settings.port}").rstrip("/")


def set_up_link(core: Core) -> str | None:
    """Return a new set-up link where there is no account yet, None otherwise; an earlier link works no more."""
    secret = new_secret()
    with core.database.writing() as session:
        if session.exec(select(Account.id).limit(1)).first() is not None:
            return None
        ends = now() + timedelta(hours=LINK_HOURS)
        value = json.dumps({"hash": hash_of(secret), "expires_at": ends.isoformat()})
        session.merge(Setting(name=SETTING, value=value, at=now()))
    return f"{public_address(core.settings)}/set-up/{secret}"


def check_set_up(session: Session, secret: str) -> Setting:
    """Return the setting of a set-up link that works; 404 otherwise."""
    found = session.get(Setting, SETTING)
    if found is None:
        raise not_found()
    kept = json.loads(found.value)
    if kept["hash"] != hash_of(secret) or datetime.fromisoformat(kept["expires_at"]) <= now():
        raise not_found()
    return found


def set_up(core: Core, secret: str, steps: FirstSteps) -> Account:
    """Make the areas and the first administrator; the link works no more. All of it, or nothing.

    Raises
    ------
    Problem
        404 when the link does not work, 422 with everything wrong in what was said.
    """
    with core.database.reading() as session:
        check_set_up(session, secret)
    faults = faults_of(steps.password, steps.login)
    if not steps.areas:
        faults.append(Fault("areas", text("name at least one area")))
    if faults:
        raise wrong_input(faults)
    kept = hash_password(steps.password)
    with core.database.writing() as session:
        setting = check_set_up(session, secret)
        same = col(Setting.name) == SETTING, col(Setting.value) == setting.value
        if session.execute(delete(Setting).where(*same)).rowcount != 1:  # type: ignore[attr-defined]
            raise not_found()  # somebody else has used it at the same moment
        made = _areas(session, steps)
        account = Account(login=same_login(steps.login), name=steps.name, password_hash=kept, password_changed_at=now())
        session.add(account)
        session.flush()
        session.add(Grant(account_id=account.id, role=Role.ADMINISTRATOR, area_id=made[0].id))
        # In a school whoever sets the service up runs its rounds too; he may give the role to somebody else later.
        runs = Role.CURATOR if made[-1].kind == AreaKind.ORGANISATION else Role.MUNICIPAL_OPERATOR
        session.add(Grant(account_id=account.id, role=runs, area_id=made[-1].id))
        append_audit(
            session,
            core.vault,
            actor=f"account:{account.id}",
            action="set_up",
            area_id=made[0].id,
            subjects=[account.id, *(area.id for area in made)],
        )
        return account


def _areas(session: Session, steps: FirstSteps) -> list[Area]:
    made: list[Area] = []
    for kind, code, name in steps.areas:
        area = Area(kind=kind, code=code, name=name, path="", time_zone=steps.time_zone)
        if kind is AreaKind.ORGANISATION:
            area.organisation_type = steps.organisation_type
        above = made[-1] if made else None
        area.parent_id = above.id if above is not None else None
        area.path = f"{above.path if above is not None else '/'}{area.id}/"
        session.add(area)
        session.flush()
        made.append(area)
    return made
