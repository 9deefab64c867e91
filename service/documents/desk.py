"""Where papers are made: who may have which, of which pairs, by which template, as Word or PDF."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from datetime import date
from importlib import resources
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from sqlmodel import Session, col, select

from matcher.errors import Fault
from matcher.texts import Text, text
from service.documents.catalogue import PAPERS, Need, Paper, Per, needs_of
from service.documents.filling import fields_of, fill_own, fill_shipped
from service.documents.gaps import GAPS
from service.documents.library import DOCX, REGULATION, ZIP, active_file, open_file
from service.documents.material import Material
from service.documents.pdf import as_pdf
from service.errors import not_found, refused
from service.rounds.desk import pairs_in_sight, visible_round
from service.tables.areas import Area, Person
from service.tables.rounds import Pair
from service.vault import Vault
from service.viewer import Viewer, in_scope


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A paper that has been made. ``media_type`` says what it is."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a paper of a round stands: "ready", "with_blanks" (``missing`` says which) or "nothing_yet"."""

    paper: Paper
    need: Need
    state: str
    missing: tuple[Text, ...]
    own_template: bool


def open_material(
    session: Session, vault: Vault, viewer: Viewer, round_id: str, today: date, *, pair: str | None = None
) -> Material:
    """Return what papers of a round are made of, as far as somebody sees it; 404 where he sees nothing of it."""
    round_ = visible_round(session, viewer, round_id)
    asked = select(Pair).where(Pair.round_id == round_.id, pairs_in_sight(viewer)).order_by(col(Pair.id))
    rows = list(session.exec(asked))
    if pair is not None:
        rows = _chosen(rows, pair)
    whole = session.get_one(Area, round_.area_id)
    own = not viewer.paths
    if own and not rows:
        raise not_found()
    return Material(
        session,
        vault,
        round_,
        whole if own else _place(session, viewer, whole),
        rows,
        today,
        own=own,
        signers=_signers(session, viewer, rows),
    )


def _chosen(rows: list[Pair], pair: str) -> list[Pair]:
    """Return a pair, and beside it the one that replaces it: the order that ends a pair names both."""
    if all(one.id != pair for one in rows):
        raise not_found()
    return [one for one in rows if pair in (one.id, one.replaces_id)]


def _place(session: Session, viewer: Viewer, whole: Area) -> Area:
    """Return the area of a round, or the one in it that the viewer looks after."""
    if any(whole.path.startswith(path) for path in viewer.paths):
        return whole
    inside = sorted(held.path for held in viewer.held if held.path.startswith(whole.path))
    if not inside:
        return whole
    return session.get_one(Area, inside[0].strip("/").rpartition("/")[2])


def _signers(session: Session, viewer: Viewer, pairs: list[Pair]) -> frozenset[str]:
    ids = {one for pair in pairs for one in (pair.mentor_id, pair.mentee_id)}
    seen = in_scope(viewer, Person.area_id, person_ids=[Person.id])
    return frozenset(session.exec(select(Person.id).where(seen))) & ids if ids else frozenset()


def standings(it: Material) -> list[Standing]:
    """Return how every paper of a round stands; those who take part see the papers that are theirs."""
    needs = needs_of(it.policy, it)
    papers = [one for one in PAPERS.values() if one.for_participants or not it.is_own]
    return [_standing(it, paper, needs[paper.code]) for paper in papers]


def _standing(it: Material, paper: Paper, need: Need) -> Standing:
    file = active_file(it.session, it.area, paper.code)
    if paper.code == REGULATION:
        lacks = () if file is not None else (text("the regulation has not been uploaded yet"),)
        return Standing(
            paper=paper,
            need=need,
            state="ready" if file is not None else "nothing_yet",
            missing=lacks,
            own_template=False,
        )
    nothing = _nothing_yet(it, paper)
    missing: tuple[Text, ...] = (nothing,) if nothing is not None else tuple(GAPS[paper.code](it))
    state = "nothing_yet" if nothing is not None else "with_blanks" if missing else "ready"
    return Standing(paper=paper, need=need, state=state, missing=missing, own_template=file is not None)


def _nothing_yet(it: Material, paper: Paper) -> Text | None:
    if paper.code == "D-04" and not any(pair.state != "proposed" for pair in it.pairs):
        over = any(pair.state in ("closed", "terminated") for pair in it.all_pairs)
        return text("all pairs have ended: the signed order counts") if over else text("no pair has been agreed yet")
    if paper.code == "D-18":
        ended = any(pair.state == "terminated" or pair.replaces_id for pair in it.all_pairs)
        return None if ended else text("no pair has ended early or got another mentor")
    if paper.code in ("D-11", "D-12") and not it.worked:
        return text("no pair works yet")
    if paper.per is not Per.ROUND and paper.code != "D-10" and not it.pairs and not it.worked:
        return text("there are no pairs yet")
    return None


def make_data(it: Material, paper: Paper, person: str | None = None) -> Any:
    """Return the data of a paper; 404 where somebody asks for what is not his.

    Raises
    ------
    Problem
        409 where there is nothing to make it of.
    """
    if paper.build is None or (it.is_own and not paper.for_participants):
        raise not_found()
    if person is not None and (paper.per is not Per.PERSON or person not in it.people or not it.signs(person)):
        raise not_found()
    nothing = _nothing_yet(it, paper)
    if nothing is not None:
        raise refused([Fault(paper.code, nothing)], kind="nothing-yet")
    if paper.per is not Per.PERSON:
        data = paper.build(it)
    elif it.is_own and paper.code == "D-10":
        data = paper.build(it, person or next(one for one in it.people if it.signs(one)))
    else:
        data = paper.build(it, person)
    if getattr(data, "papers", None) == () or getattr(data, "orders", None) == ():
        raise refused([Fault(paper.code, text("there is nothing to write this paper about"))], kind="nothing-yet")
    return data


def make_paper(it: Material, paper: Paper, person: str | None = None) -> Made:
    """Return a paper as a Word file (the site bundle as an archive, the regulation as it was uploaded)."""
    file = active_file(it.session, it.area, paper.code)
    if paper.code == REGULATION:
        if file is None or it.is_own:
            raise not_found()
        return Made(name=file.name, media_type=file.media_type, content=open_file(it.vault, file))
    data = make_data(it, paper, person)
    if file is None:
        content = fill_shipped(paper.template, data)
    else:
        content = fill_own(open_file(it.vault, file), data, file.name)
    if paper.code == "D-16":
        return Made(name=f"{paper.file_name}.zip", media_type=ZIP, content=_bundle(content, data))
    return Made(name=f"{paper.file_name}.docx", media_type=DOCX, content=content)


def made_as_pdf(made: Made) -> Made:
    """Return a Word file as PDF; a PDF stays one, an archive has none."""
    if made.media_type == "application/pdf":
        return made
    if made.media_type != DOCX:
        raise refused([Fault("format", text("this paper is an archive"))], kind="no-pdf")
    name = made.name.rpartition(".")[0] + ".pdf"
    return Made(name=name, media_type="application/pdf", content=as_pdf(made.content))


def _bundle(docx: bytes, data: Any) -> bytes:
    """Return the archive for the site: the Word file, and a page for each block."""
    environment = Environment(
        loader=PackageLoader("service.documents", "templates"), autoescape=True, undefined=StrictUndefined
    )
    page, fields = environment.get_template("site.html.j2"), fields_of(data)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        files = {"раздел-сайта.docx": docx, "index.html": page.render(**fields, shown=fields["blocks"]).encode()}
        for block in fields["blocks"]:
            files[f"{block['number']}-{block['id']}.html"] = page.render(**fields, shown=[block]).encode()
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return made.getvalue()


def shipped_template(paper: Paper) -> bytes:
    """Return the template of the package, to be changed in Word."""
    return (resources.files("service.documents") / "templates" / f"{paper.template}.docx").read_bytes()
