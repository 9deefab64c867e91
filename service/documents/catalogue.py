"""Every paper of the regulations (requirements 7.8): its title, what it is made for, its builder and template."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from matcher.policy import Policy
from matcher.texts import Text, text
from service.documents.builders.acts import build_act, build_plan
from service.documents.builders.consents import build_agreements, build_data_consents, build_duties
from service.documents.builders.orders import build_ends, build_orders
from service.documents.builders.programmes import build_programmes, build_schedules
from service.documents.builders.registers import build_card, build_registers, build_sheet
from service.documents.builders.reports import build_analysis, build_finals, build_quarters
from service.documents.builders.site import build_bundle
from service.documents.builders.surveys import build_forms
from service.documents.material import Material
from service.rounds.papers import DATA_LAW, LABOUR_LAW


class Per(StrEnum):
    """What a paper may be made for, beside the whole round."""

    ROUND = "round"
    PAIR = "pair"
    PERSON = "person"


class Need(StrEnum):
    """Why a round needs a paper: its regulation names it, a law does, or it may be made if wanted."""

    REGULATION = "regulation"
    LAW = "law"
    OPTIONAL = "optional"


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A paper. ``build`` takes the material and, of papers for a person, his id; D-02 is a stored file and has none."""

    code: str
    title: Text
    per: Per = Per.ROUND
    build: Callable[..., Any] | None = None
    for_participants: bool = False
    file_name: str

    @property
    def template(self) -> str:
        """Return the name of its template in the package."""
        return self.code.casefold().replace("-", "")


_ALL = (
    Paper(code="D-01", title=text("Implementing act"), build=build_act, file_name="приказ-о-внедрении"),
    Paper(code="D-02", title=text("Regulation (stored file)"), file_name="положение"),
    Paper(code="D-03", title=text("Plan of activities"), build=build_plan, file_name="дорожная-карта"),
    Paper(
        code="D-04",
        title=text("Order fixing pairs and groups"),
        build=build_orders,
        file_name="приказ-о-закреплении-пар",
    ),
    Paper(
        code="D-05",
        title=text("Consent to the duties of mentoring"),
        per=Per.PERSON,
        build=build_duties,
        for_participants=True,
        file_name="согласие-на-наставничество",
    ),
    Paper(
        code="D-06",
        title=text("Consent to the use of personal data"),
        per=Per.PERSON,
        build=build_data_consents,
        for_participants=True,
        file_name="согласие-на-обработку-данных",
    ),
    Paper(
        code="D-07",
        title=text("Agreement of mentor and mentee"),
        per=Per.PAIR,
        build=build_agreements,
        for_participants=True,
        file_name="соглашение",
    ),
    Paper(
        code="D-08",
        title=text("Personalised programme"),
        per=Per.PAIR,
        build=build_programmes,
        for_participants=True,
        file_name="персонализированная-программа",
    ),
    Paper(
        code="D-09",
        title=text("Schedule of meetings"),
        per=Per.PAIR,
        build=build_schedules,
        for_participants=True,
        file_name="график-встреч",
    ),
    Paper(
        code="D-10",
        title=text("Questionnaires"),
        per=Per.PERSON,
        build=build_forms,
        for_participants=True,
        file_name="анкеты",
    ),
    Paper(
        code="D-11",
        title=text("Quarterly report of the mentor"),
        per=Per.PAIR,
        build=build_quarters,
        for_participants=True,
        file_name="отчёт-за-квартал",
    ),
    Paper(
        code="D-12",
        title=text("Final report of the pair, three signatures"),
        per=Per.PAIR,
        build=build_finals,
        for_participants=True,
        file_name="итоговый-отчёт-пары",
    ),
    Paper(
        code="D-13",
        title=text("Final analytical report of the curator"),
        build=build_analysis,
        file_name="итоговый-аналитический-отчёт",
    ),
    Paper(code="D-14", title=text("Registers of mentoring"), build=build_registers, file_name="реестры"),
    Paper(code="D-15", title=text("Statistical sheet"), build=build_sheet, file_name="статистические-сведения"),
    Paper(code="D-16", title=text("Bundle for the site"), build=build_bundle, file_name="раздел-сайта"),
    Paper(code="D-17", title=text("Card of the regional network"), build=build_card, file_name="карточка-школы"),
    Paper(
        code="D-18",
        title=text("Order that ends a pair or replaces a mentor"),
        per=Per.PAIR,
        build=build_ends,
        file_name="приказ-о-прекращении",
    ),
)
PAPERS: Mapping[str, Paper] = {one.code: one for one in _ALL}


def needs_of(policy: Policy, it: Material | None = None) -> dict[str, Need]:
    """Return for every paper why a round under a regulation needs it (requirements 9.1, note 2)."""
    by_law = set()
    if LABOUR_LAW in policy.legal_overlay:
        by_law.add("D-05")
        if it is not None and any(not one.is_staff and not one.is_class for one in it.people.values()):
            by_law.add("D-07")
    if DATA_LAW in policy.legal_overlay:
        by_law.add("D-06")
    return {
        code: Need.REGULATION if code in policy.documents else Need.LAW if code in by_law else Need.OPTIONAL
        for code in PAPERS
    }
