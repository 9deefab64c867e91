"""The act of destruction and the extract of the event log that prove an erasure.

Both have the fields that order 179 of Roskomnadzor of 28.10.2022 asks for (points 3 and 5), and are kept for three
years (point 8). The person is named in them by the identifier of his row, which leads to nobody any more.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from importlib import resources
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from docxtpl import DocxTemplate
from jinja2.sandbox import SandboxedEnvironment
from sqlmodel import Session

from matcher.texts import Lang, Text, say, text, text_n
from service.core import Core
from service.organisations.details import houses_of
from service.privacy.cells import write_csv
from service.privacy.grounds import TERMS, Ground
from service.tables.areas import Area, Person
from service.tables.columns import now
from service.tables.privacy import Erasure
from service.tables.rounds import Order

KEPT_DAYS = 3 * 365 + 1
"""Acts are kept for three years (order 179, point 8)."""

CATEGORIES: tuple[Text, ...] = (
    text("surname, name, patronymic"),
    text("day of birth"),
    text("name in the timetable"),
    text("legal representative"),
    text("address of e-mail, telephone"),
    text("wishes, times and absences"),
    text("contents of records and reasons of decisions about the person"),
    text("ways into the service: links, calendars, accounts"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """What the act says; plain values, so that it stays readable whatever the program becomes."""

    number: str
    subject: str
    operator: str
    system: str
    ground: str
    clause: str
    asked_at: str
    due_day: str
    done_at: str
    in_time: bool
    done_by: str
    method: str
    counts: dict[str, int] = field(default_factory=dict)
    orders_kept: list[dict[str, str]] = field(default_factory=list)
    backups_until: str = ""
    kept_until: str = ""


def write_down(
    session: Session,
    core: Core,
    erasure: Erasure,
    person: Person,
    area: Area,
    counts: Mapping[str, int],
    orders: Sequence[Order],
    *,
    actor: str,
) -> Act:
    """Return the act of an erasure that has just been carried out."""
    moment = person.erased_at or now()
    local = moment.astimezone(ZoneInfo(core.settings.time_zone))
    house = houses_of(session, core.vault, [area])[area.id]
    return Act(
        number=erasure.id[:8].upper(),
        subject=person.id,
        operator=", ".join(word for word in (house.name, house.registration, house.address) if word),
        system="Mentor matcher",
        ground=erasure.ground,
        clause=f"152-FZ, {TERMS[Ground(erasure.ground)].clause}",
        asked_at=erasure.asked_at.isoformat(timespec="seconds"),
        due_day=erasure.due_day.isoformat(),
        done_at=moment.isoformat(timespec="seconds"),
        in_time=local.date() <= erasure.due_day,
        done_by=actor,
        method="crypto-erasure",
        counts=dict(counts),
        orders_kept=[
            {"document": order.document, "number": order.number, "day": order.day.isoformat()} for order in orders
        ],
        backups_until=(local.date() + timedelta(days=core.settings.keep_backups_days)).isoformat(),
        kept_until=(local.date() + timedelta(days=KEPT_DAYS)).isoformat(),
    )


METHOD = text(
    "the key that opens the data of the person was destroyed and the database cleaned; names in rosters, plans and "
    "timetables were replaced; what stays leads to nobody"
)
COUNTS: dict[str, Text] = {
    "rosters": text("rosters rewritten"),
    "plans": text("plans rewritten"),
    "timetables": text("timetables rewritten"),
    "records": text("records made unreadable"),
    "others_words": text("texts about others in which the name was replaced"),
    "texts": text("other texts in which the name was replaced"),
    "wishes": text("wishes deleted"),
    "absences": text("absences deleted"),
    "availability": text("times deleted"),
    "links": text("personal links revoked"),
    "calendars": text("calendar addresses revoked"),
    "sessions": text("sessions ended"),
    "roles": text("roles ended"),
    "accounts": text("accounts emptied"),
    "accounts_kept": text("accounts kept because they hold other roles"),
    "pairs_ended": text("pairs ended"),
    "meetings_cancelled": text("meetings called off"),
    "meetings_left": text("group meetings that go on without the person"),
}
_LOG_HEADING = (
    text("identifier of the person"),
    text("categories of data"),
    text("information system"),
    text("reason of destruction"),
    text("day and time of destruction"),
    text("entry of the audit trail"),
    text("its hash"),
)


def act_fields(act: Act, lang: Lang) -> dict[str, Any]:
    """Return what the template of the act is filled with: strings and lists only."""
    done = f"{act.done_at[8:10]}.{act.done_at[5:7]}.{act.done_at[:4]}"
    return {
        "number": act.number,
        "day": done,
        "operator": act.operator,
        "subject": act.subject,
        "categories": [say(one, lang) for one in CATEGORIES],
        "system": act.system,
        "method": say(METHOD, lang),
        "reason": say(text("{reason} ({clause})", reason=TERMS[Ground(act.ground)].title, clause=act.clause), lang),
        "due_day": _day(act.due_day),
        "counts": [{"what": say(COUNTS[name], lang), "count": count} for name, count in act.counts.items() if count],
        "orders": [f"{one['document']} № {one['number']}, {_day(one['day'])}" for one in act.orders_kept],
        "num_orders": say(text_n("{count} order is kept", "{count} orders are kept", count=len(act.orders_kept)), lang),
        "backups_until": _day(act.backups_until),
        "kept_until": _day(act.kept_until),
        "done_by": act.done_by,
    }


def write_act(act: Act, path: Path, lang: Lang) -> None:
    """Write the act as a Word file to be signed; the file appears whole or not."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    packaged = resources.files("service.privacy.erasure") / "documents" / f"act_{lang}.docx"
    with resources.as_file(packaged) as template:
        document = DocxTemplate(str(template))
        document.render(act_fields(act, lang), SandboxedEnvironment(autoescape=True))
    try:
        document.save(str(part))
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def write_log_extract(act: Act, entry: tuple[int, str], path: Path, lang: Lang) -> None:
    """Write the extract of the event log as CSV; ``entry`` is the number and the hash of the entry of the trail."""
    reason = say(TERMS[Ground(act.ground)].title, lang)
    categories = ", ".join(say(one, lang) for one in CATEGORIES)
    row = (act.subject, categories, act.system, f"{reason} ({act.clause})", act.done_at, entry[0], entry[1])
    with path.open("w", encoding="utf-8", newline="") as stream:
        write_csv(stream, [say(word, lang) for word in _LOG_HEADING], [row])


def _day(word: str) -> str:
    return f"{word[8:10]}.{word[5:7]}.{word[:4]}"
