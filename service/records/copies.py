"""One programme for several pairs, as the pairs of a group: each has its own, and each is acknowledged by itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlmodel import Session, col, select

from matcher.texts import Lang
from service.records.cases import Asked, case_of
from service.records.kind import Case, Kind
from service.records.scope import pair_of
from service.records.store import change, make, present_fields
from service.tables.records import Record
from service.vault import Vault
from service.viewer import Viewer

_OF_ONE_PAIR = ("participants", "schedule", "route", "curator_note", "end_reason", "end_day")
"""Fields that are not copied: they belong to the pair they were written for."""


def copy_to_pairs(
    session: Session,
    vault: Vault,
    viewer: Viewer,
    lang: Lang,
    kind: Kind[Any],
    root_id: str,
    pair_ids: Sequence[str],
) -> list[Case]:
    """Write the contents of a programme into those of other pairs; where one has none, it is made.

    Raises
    ------
    Problem
        404 where the programme or a pair is foreign, 409 or 422 as when they are changed one by one: then none is.
    """
    source = case_of(session, vault, viewer, lang, kind, root_id)
    assert source.record is not None
    fields = present_fields(source, kind, source.record)
    given = {name: value for name, value in fields.model_dump(exclude_unset=True).items() if name not in _OF_ONE_PAIR}
    found = []
    for pair_id in dict.fromkeys(pair_ids):
        pair = pair_of(session, viewer, pair_id)
        if pair.id == source.record.pair_id:
            continue
        own = session.exec(
            select(Record.root_id).where(
                Record.kind == kind.id, Record.pair_id == pair.id, col(Record.replaced_at).is_(None)
            )
        ).first()
        if own is None:
            _, case = make(session, vault, viewer, lang, kind, Asked(pair=pair.id), given)
        else:
            case = case_of(session, vault, viewer, lang, kind, own, to_change=True)
            change(case, kind, given)
        found.append(case)
    return found
