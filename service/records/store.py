"""Makes, changes and reads records: sealed, versioned, checked by their kind, written into the audit trail."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from pydantic import BaseModel, ValidationError
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from matcher.errors import Fault
from matcher.texts import Lang, text
from service.audit import append_audit
from service.errors import Problem, refused, stale, wrong_input
from service.keys import Erased, open_for, seal_for
from service.records.cases import Asked, author_of, new_case
from service.records.kind import Case, F, Kind
from service.records.permits import may_step, may_write, office_of, paths_of_case, present_record
from service.records.scope import own_side, reaches
from service.tables.areas import Person, PersonKey
from service.tables.columns import now
from service.tables.records import Record
from service.vault import Vault
from service.viewer import Viewer


def make(
    session: Session, vault: Vault, viewer: Viewer, lang: Lang, kind: Kind[F], asked: Asked, given: Mapping[str, Any]
) -> tuple[Record, Case]:
    """Make a record; what is known already is filled in where nothing was given.

    Raises
    ------
    Problem
        404 where it would hang on something foreign, 422 with every fault, 409 where there is one already.
    """
    case = new_case(session, vault, viewer, lang, kind, asked)
    fields = _shaped(kind, {**kind.prefill(case), **given})
    _only_free_fields(kind, given)
    _no_faults(kind.check(case, fields))
    record = Record(
        root_id="",
        kind=kind.id,
        area_id=case.area.id,
        round_id=None if case.round_ is None else case.round_.id,
        pair_id=None if case.pair is None else case.pair.id,
        person_id=None if case.person is None else case.person.id,
        author_id=author_of(viewer, case),
        state=kind.first,
        created_by=viewer.actor,
    )
    record.root_id = record.id
    _fill(case, kind, record, fields)
    case.record = record
    _audit(case, record, "create", {"fields": sorted(given)})
    return record, case


def change(case: Case, kind: Kind[F], given: Mapping[str, Any]) -> Record:
    """Change fields of a record: in place, or as a new version where the kind keeps them.

    Raises
    ------
    Problem
        409 where the state does not allow it or it is not the viewer's to change, 422 with every fault.
    """
    record = present_record(case)
    if record.state in kind.fixed:
        raise refused([Fault("state", text("nothing can be changed in this state"))], kind="fixed")
    may_write(case, kind)
    _only_free_fields(kind, given)
    before = present_fields(case, kind, record)
    fields = _shaped(kind, {**before.model_dump(), **given})
    _no_faults(kind.check(case, fields))
    keeps = kind.only_progress(before, fields)
    return _keep_change(case, kind, fields, "change", {"fields": sorted(given)}, keeps=keeps)


def take_step(case: Case, kind: Kind[F], to: str, given: Mapping[str, Any]) -> Record:
    """Take a record to another state, with the fields this step asks for.

    Raises
    ------
    Problem
        409 where there is no such step, it is not the viewer's, or the rules do not allow it now.
    """
    record = present_record(case)
    step = kind.step(record.state, to)
    if step is None:
        known = ", ".join(one.to for one in kind.steps if one.start == record.state) or "–"
        cure = text("from here it goes to: {states}", states=known)
        raise refused([Fault("to", text("this step does not exist"), cure)], kind="no-such-step")
    if not may_step(case.viewer, kind, record, case.pair, to, paths_of_case(case)):
        raise Problem(403, "forbidden", text("You may not do this."))
    unasked = [name for name in given if name not in step.asks]
    _no_faults(Fault(f"fields.{name}", text("this step does not ask for this")) for name in unasked)
    before = present_fields(case, kind, record)
    fields = _shaped(kind, {**before.model_dump(), **given}) if given else before
    unsaid = [Fault(f"fields.{name}", text("this has to be given")) for name in step.needs if not given.get(name)]
    faults = [*unsaid, *kind.guard(case, fields, to)]
    if faults:
        raise refused(faults)
    record.state = to
    _fill(case, kind, record, fields)
    record.version += 1
    kind.effect(case, fields, to)
    _audit(case, record, to, {"fields": sorted(given)})
    return record


def acknowledge(case: Case, kind: Kind[F], side: str | None, *, on_paper: bool) -> Record:
    """Note that a side has acknowledged the newest version; a curator may note a signature given on paper.

    Raises
    ------
    Problem
        409 where the state no longer allows it, 403 where this side is not the viewer's.
    """
    record = present_record(case)
    if record.state in kind.fixed:
        raise refused([Fault("state", text("nothing can be changed in this state"))], kind="fixed")
    own = own_side(case.viewer, case.pair, record)
    office = reaches(office_of(case.viewer), record, case.pair, paths_of_case(case))
    side = side or own or ("curator" if "curator" in kind.sides else None)
    if side not in kind.sides:
        raise wrong_input([Fault("side", text("this side acknowledges nothing here"), _sides(kind))])
    if side != own and not (office and (side in ("curator", "tutor") or on_paper)):
        raise Problem(403, "forbidden", text("You may not do this."))
    word = " ".join((now().isoformat(timespec="seconds"), case.viewer.actor, *(["paper"] if side != own else [])))
    record.acknowledged = {**record.acknowledged, side: word}
    record.version += 1
    case.session.add(record)
    case.session.flush()
    _audit(case, record, "acknowledge", {"side": side, "paper": side != own})
    return record


def versions_of(session: Session, root_id: str) -> Sequence[Record]:
    """Return every version of a record, the newest first."""
    found = select(Record).where(Record.root_id == root_id).order_by(col(Record.number).desc())
    return session.exec(found).all()


def read_fields(session: Session, vault: Vault, kind: Kind[F], record: Record) -> F:
    """Return what a record says.

    Raises
    ------
    Erased
        When the person it is about has been erased.
    """
    if record.sealed is None:
        raise Erased(record.person_id or "")
    content = open_for(session, vault, record.person_id, record.sealed, f"record:{record.id}")
    return kind.fields.model_validate_json(content)


def present_fields(case: Case, kind: Kind[F], record: Record) -> F:
    """Return what a record says now; 409 where the person it is about has been erased."""
    try:
        return read_fields(case.session, case.vault, kind, record)
    except Erased:
        raise _erased() from None


def _erased() -> Problem:
    return refused([Fault("person", text("the data of this person have been destroyed"))], kind="erased")


def _shaped(kind: Kind[F], values: Mapping[str, Any]) -> F:
    try:
        return kind.fields.model_validate({name: _plain(value) for name, value in values.items()})
    except ValidationError as error:
        message = text("this value does not fit")
        place = [".".join(("fields", *map(str, one["loc"]))) for one in error.errors()]
        raise wrong_input([Fault(one, message) for one in place]) from None


def _plain(value: Any) -> Any:
    return value.model_dump() if isinstance(value, BaseModel) else value


def _only_free_fields(kind: Kind[Any], given: Mapping[str, Any]) -> None:
    held = [name for name in given if name in kind.decided]
    _no_faults(Fault(f"fields.{name}", text("this is given with a step only")) for name in held)


def _no_faults(faults: Any) -> None:
    found = list(faults)
    if found:
        raise wrong_input(found)


def _keep_change(case: Case, kind: Kind[F], fields: F, action: str, details: dict[str, Any], *, keeps: bool) -> Record:
    old = present_record(case)
    if not kind.versions:
        _fill(case, kind, old, fields)
        old.version += 1
        case.session.add(old)
        case.session.flush()
        _audit(case, old, action, details)
        return old
    new = Record(
        root_id=old.root_id,
        number=old.number + 1,
        kind=old.kind,
        area_id=old.area_id,
        round_id=old.round_id,
        pair_id=old.pair_id,
        person_id=old.person_id,
        author_id=old.author_id,
        state=old.state if keeps else kind.first,
        acknowledged=dict(old.acknowledged) if keeps else {},
        created_by=case.viewer.actor,
        version=old.version + 1,
    )
    # The new version must follow the old one even where the clock stands still or runs back.
    new.created_at = max(new.created_at, old.created_at + timedelta(microseconds=1))
    old.replaced_at, old.slot = new.created_at, None
    case.session.add(old)
    case.session.flush()
    _fill(case, kind, new, fields)
    case.record = new
    _audit(case, new, action, details)
    return new


def _fill(case: Case, kind: Kind[F], record: Record, fields: F) -> None:
    """Write fields into a record, sealed, and what may be known of them without opening it."""
    if case.person is not None:
        _ensure_key(case.session, case.vault, case.person)
    content = fields.model_dump_json(exclude_defaults=True).encode()
    try:
        record.sealed = seal_for(case.session, case.vault, record.person_id, content, f"record:{record.id}")
    except Erased:
        raise _erased() from None
    plain = json.loads(fields.model_dump_json())
    record.figures = {name: plain[name] for name in kind.figures} | dict(kind.more_figures(case, fields))
    record.due_day = kind.due(case, fields)
    record.slot = kind.slot(case, fields)
    case.session.add(record)
    try:
        case.session.flush()
    except IntegrityError as error:
        if "root_id" in str(error.orig):
            raise stale() from None
        raise refused([Fault("fields", text("there is such a record already"))], kind="exists") from None


def _ensure_key(session: Session, vault: Vault, person: Person) -> None:
    """Give a key to somebody who has none yet, such as a class; never to somebody who has been erased."""
    if person.erased_at is None and session.get(PersonKey, person.id) is None:
        session.add(PersonKey(person_id=person.id, wrapped=vault.new_person_key(person.id)))
        session.flush()


def _audit(case: Case, record: Record, action: str, details: dict[str, Any]) -> None:
    append_audit(
        case.session,
        case.vault,
        actor=case.viewer.actor,
        action=f"record.{record.kind}.{action}",
        area_id=record.area_id,
        subjects=[one for one in (record.root_id, record.pair_id, record.person_id) if one is not None],
        details=details | {"number": record.number},
        person_id=record.person_id,
    )


def _sides(kind: Kind[Any]) -> Any:
    return text("one of {words}", words=", ".join(kind.sides)) if kind.sides else None
