"""What papers say of an organisation beyond its name: who heads it, who runs mentoring there, its address, the pay."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints
from sqlmodel import Session, col, select

from service.organisations.names import NOBODY, Named, named
from service.records.gate_ticks import CuratorAppointment
from service.records.store import read_fields
from service.tables.areas import Area
from service.tables.documents import DocumentDetails
from service.tables.records import Record
from service.vault import Vault

Said = Annotated[str, StringConstraints(max_length=300, pattern=r"^[^\x00-\x1f\x7f]*$", strip_whitespace=True)]


class Details(BaseModel):
    """What the papers of an organisation say of it; what is empty stays a blank line on the paper."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "full_name": "Муниципальное бюджетное общеобразовательное учреждение «Средняя школа № 23»",
                    "address": "214000, г. Смоленск, ул. Примерная, д. 1",
                    "city": "Смоленск",
                    "head_position": "Директор",
                    "head": "Орлова Ольга Юрьевна",
                    "curator_position": "заместитель директора",
                    "curator": "Лисина Вера Олеговна",
                    "payment": "доплата 3000 рублей в месяц",
                }
            ]
        },
    )

    full_name: Said = ""
    address: Said = ""
    registration: Said = ""
    """Numbers under which the state knows the organisation (ИНН, ОГРН)."""
    city: Said = ""
    head_position: Said = ""
    head: Said = ""
    curator_position: Said = ""
    curator: Said = ""
    payment: Said = ""
    """What a mentor is paid for his duties, in words (Labour Code art. 351.8)."""
    site: Said = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """An organisation as a paper names it."""

    id: str
    name: str
    address: str = ""
    registration: str = ""
    city: str = ""
    head_position: str = ""
    head: Named = NOBODY
    curator_position: str = ""
    curator: Named = NOBODY
    payment: str = ""
    site: str = ""


def open_details(session: Session, vault: Vault, area_id: str) -> tuple[Details, int]:
    """Return what is kept of an organisation, and the version of its row (0: nothing is kept yet)."""
    row = session.get(DocumentDetails, area_id)
    return (Details(), 0) if row is None else (_open(vault, row), row.version)


def keep_details(session: Session, vault: Vault, area: Area, said: Details, by: str) -> DocumentDetails:
    """Keep what is said of an organisation."""
    row = session.get(DocumentDetails, area.id)
    if row is None:
        row = DocumentDetails(area_id=area.id, sealed=b"", changed_by=by, version=0)
    row.sealed = vault.seal(said.model_dump_json(exclude_defaults=True).encode(), f"details:{area.id}")
    row.changed_by = by
    row.version += 1
    session.add(row)
    session.flush()
    return row


def houses_of(session: Session, vault: Vault, areas: Iterable[Area]) -> dict[str, House]:
    """Return organisations as papers name them; the curator of the appointment in force where none is written down."""
    rows = {area.id: area for area in areas}
    kept = {
        one.area_id: _open(vault, one)
        for one in session.exec(select(DocumentDetails).where(col(DocumentDetails.area_id).in_(list(rows))))
    }
    curators = _appointed(session, vault, list(rows))
    found = {}
    for id_, area in rows.items():
        said = kept.get(id_, Details())
        curator, position = curators.get(id_, ("", ""))
        found[id_] = House(
            id=id_,
            name=said.full_name or area.name,
            address=said.address,
            registration=said.registration,
            city=said.city,
            head_position=said.head_position,
            head=named(said.head) if said.head else NOBODY,
            curator_position=said.curator_position or position,
            curator=named(said.curator or curator) if said.curator or curator else NOBODY,
            payment=said.payment,
            site=said.site,
        )
    return found


def _open(vault: Vault, row: DocumentDetails) -> Details:
    return Details.model_validate_json(vault.open(row.sealed, f"details:{row.area_id}"))


def _appointed(session: Session, vault: Vault, areas: list[str]) -> dict[str, tuple[str, str]]:
    kind = CuratorAppointment()
    rows = session.exec(
        select(Record)
        .where(Record.kind == kind.id, Record.state == "in_force", col(Record.replaced_at).is_(None))
        .where(col(Record.area_id).in_(areas))
        .order_by(col(Record.created_at))
    )
    said = {row.area_id: read_fields(session, vault, kind, row) for row in rows}
    return {area: (one.name, one.position) for area, one in said.items()}
