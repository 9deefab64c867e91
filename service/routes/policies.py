"""The regulations that come with the program."""

from __future__ import annotations

from datetime import date
from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel

from matcher.io.policy_toml import SHIPPED, parse_policy, read_policy_text
from matcher.policy import Policy
from service.errors import not_found
from service.records.shapes import Line
from service.routes.answers import READ
from service.work import Reading, WorkRoute

router = APIRouter(route_class=WorkRoute, tags=["policies"])


class PolicyItem(BaseModel):
    """A regulation in a line."""

    id: str
    title: str
    version: int
    valid_from: date
    valid_to: date | None


class PolicyList(BaseModel):
    """All regulations that come with the program."""

    items: list[PolicyItem]


class PolicyOut(PolicyItem):
    """A regulation: its file, and what decides on the steps of a round."""

    toml: str
    approvals: list[str]
    mentor_approvals: list[str]
    end_reasons: list[str]
    documents: list[str]
    conflict_outcomes: list[str]
    months: dict[str, Any]
    rules: dict[str, str]


@router.get("/api/v1/policies", responses=READ)
def list_policies(work: Reading) -> PolicyList:
    """List the regulations that come with the program."""
    return PolicyList(items=[_item(_read(id_)[1], work.lang) for id_ in SHIPPED])


@router.get("/api/v1/policies/{policy_id}", responses=READ)
def show_policy(work: Reading, policy_id: Line) -> PolicyOut:
    """Return one regulation, its file included."""
    if policy_id not in SHIPPED:
        raise not_found()
    content, policy = _read(policy_id)
    months = policy.programme.months
    return PolicyOut(
        **_item(policy, work.lang).model_dump(),
        toml=content,
        approvals=[str(one) for one in policy.approvals.pair],
        mentor_approvals=[str(one) for one in policy.approvals.mentor],
        end_reasons=[str(one) for one in policy.end_reasons],
        documents=list(policy.documents),
        conflict_outcomes=[str(one) for one in policy.conflict.outcomes],
        months={"min": months.min, "max": months.max, "default": months.default, "clause": months.clause},
        rules={id_: rule.clause for id_, rule in policy.rules.items() if rule.on},
    )


def _read(policy_id: str) -> tuple[str, Policy]:
    content, name = read_policy_text(policy_id)
    return content, parse_policy(content, name)


def _item(policy: Policy, lang: str) -> PolicyItem:
    return PolicyItem(
        id=policy.id,
        title=policy.title if lang == "ru" else policy.title_en,
        version=policy.version,
        valid_from=policy.valid_from,
        valid_to=policy.valid_to,
    )
