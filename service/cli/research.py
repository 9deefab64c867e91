"""``matcher person research``: a round for research, with nobody in it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from matcher.cli.language import t, tell
from matcher.errors import Fault, InputError
from matcher.texts import text, text_n
from service.cli.opening import DatabaseAddress, SettingsFile, open_for_command


def research(
    round_id: Annotated[str, typer.Argument(metavar="ROUND", help=t(text("Identifier of the round.")))],
    out: Annotated[Path, typer.Option("-o", "--out", metavar="FILE", help=t(text("A new CSV file.")))],
    mapping: Annotated[
        Path | None,
        typer.Option("--mapping", metavar="FILE", help=t(text("Who is who, as JSON: keep it apart, or do without."))),
    ] = None,
    settings: SettingsFile = None,
    database: DatabaseAddress = None,
) -> None:
    """Write the people of a round under random ids; refused where fewer than five people are alike."""
    from sqlmodel import col, select

    from service.audit import append_audit
    from service.privacy.cells import write_csv
    from service.privacy.consents import missing
    from service.privacy.erasure.queue import today_of
    from service.privacy.purposes import uses
    from service.privacy.research import build_research
    from service.privacy.rows import consents_of
    from service.rounds.rosters import ids_of, open_roster
    from service.tables.rounds import Pair, RosterFile, Round

    core = open_for_command(settings, database)
    with core.database.writing() as session:
        round_ = session.get(Round, round_id)
        if round_ is None:
            cure = text("look the identifier up in the list of rounds")
            raise InputError([Fault(round_id, text("there is no such round"), cure)])
        row = session.get_one(RosterFile, round_.roster_id)
        ids = ids_of(session, core.vault, row)
        code_of = {id_: code for code, id_ in ids.items()}
        consents = consents_of(session, ids.values())
        day = today_of(core)
        no = frozenset(code for code, id_ in ids.items() if missing(consents[id_], uses()["research"], day))
        pairs = session.exec(select(Pair).where(Pair.round_id == round_id).order_by(col(Pair.id))).all()
        two = [(code_of[pair.mentor_id], code_of[pair.mentee_id]) for pair in pairs]
        found = build_research(open_roster(session, core.vault, row), two, round_.reference_day, left_out=no)
        append_audit(
            session, core.vault, actor="command", action="research.export", area_id=round_.area_id,
            subjects=[round_.id], details={"rows": len(found.rows), "k": found.k},
        )  # fmt: skip
    with out.open("x", encoding="utf-8", newline="") as stream:
        heading = ("id", "kind", "age", "experience", "role", "pairs")
        write_csv(stream, heading, ([getattr(one, name) for name in heading] for one in found.rows))
    if mapping is not None:
        mapping.touch(mode=0o600, exist_ok=False)
        mapping.write_text(json.dumps(found.mapping), encoding="utf-8")
    tell(text("written: {path}", path=str(out)))
    one, many = "Every row is like {count} other at least.", "Every row is like {count} others at least."
    tell(text_n(one, many, count=found.k - 1))
