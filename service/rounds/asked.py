"""What people ask of a round: a decision, a step. Bounded, and nothing unknown in it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from service.records.shapes import Code, Day, Id, Line, Words

DecisionKind = Literal[
    "lock",
    "unlock",
    "forbid",
    "allow",
    "accept",
    "decline",
    "agree",
    "override",
    "psychologist",
    "terminate",
    "prolong",
    "replace",
    "move",
    "undo",
    "comment",
]
SideName = Literal["mentor", "mentee"]
RuleId = Annotated[str, StringConstraints(pattern=r"^HR-[0-9]{2}$")]
EndReasonWord = Literal["mentor", "mentee", "mutual", "curator", "left"]
Trigger = Literal["mentor", "mentee", "non_performance", "absence", "transfer", "council"]
Opinion = Literal["recommended", "neutral", "not_recommended"]
RoundState = Literal[
    "draft",
    "preparatory",
    "matching",
    "proposed",
    "agreed",
    "confirmed",
    "ordered",
    "running",
    "final",
    "closed",
    "active",
    "aftercare",
]


class Couple(BaseModel):
    """A mentor and a mentee, each named by id or by code."""

    model_config = ConfigDict(extra="forbid")

    mentor: Code
    mentee: Code


class DecisionIn(BaseModel):
    """A decision. People are named by their id or by their code in the roster, a pair by both or by its own id."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"kind": "lock", "mentor": "P-1", "mentee": "P-7"},
                {"kind": "accept", "pair": "0f" * 16, "side": "mentee", "paper": True},
                {
                    "kind": "psychologist",
                    "pair": "0f" * 16,
                    "recommendation": "recommended",
                    "paper": True,
                    "opinion_by": "Н. Н.",
                    "opinion_day": "2026-09-21",
                },
                {"kind": "override", "mentor": "P-1", "mentee": "P-7", "rule": "HR-24", "reason": "Решение совета"},
            ]
        },
    )

    kind: DecisionKind
    mentor: Code | None = None
    mentee: Code | None = None
    pair: Id | None = None
    reason: Words | None = None
    side: SideName | None = Field(default=None, description="whose answer it is, where the curator records it")
    paper: bool = Field(default=False, description="the curator has it on paper")
    rule: RuleId | None = None
    score: int | None = Field(default=None, ge=-2, le=2, description="the psychologist's score of compatibility")
    recommendation: Opinion | None = None
    opinion_by: Line | None = Field(default=None, description="the psychologist who signed the opinion on paper")
    opinion_day: Day | None = Field(default=None, description="the day on that paper")
    end_reason: EndReasonWord | None = None
    notice_day: Day | None = Field(default=None, description="when the notice was given; by default today")
    last_day: Day | None = None
    order_no: Code | None = Field(default=None, description="the order of the head that ends the pair (D-18)")
    order_date: Day | None = None
    minutes: Code | None = Field(default=None, description="number of the minutes in which the council has agreed")
    minutes_day: Day | None = None
    trigger: Trigger | None = Field(default=None, description="why the mentor is replaced (A-47)")
    new_mentor: Code | None = None
    ends: list[Id] = Field(default=[], max_length=50, description="other pairs that make room for a move")
    begins: list[Couple] = Field(default=[], max_length=50, description="pairs that begin with a move besides the new")
    decision: Id | None = Field(default=None, description="the decision that is undone, or whose proposal is accepted")


class StepIn(BaseModel):
    """A step of a round to its next state; with ``pairs`` a step of these pairs alone."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"to": "matching"},
                {"to": "ordered", "order_no": "112-о", "order_date": "2026-09-28"},
            ]
        },
    )

    to: RoundState
    pairs: Annotated[list[Id], Field(min_length=1, max_length=500)] | None = None
    order_no: Code | None = None
    order_date: Day | None = None
    reason: Words | None = None
