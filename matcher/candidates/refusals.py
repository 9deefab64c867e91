"""Why a pair may not be: every rule that refuses it, with its clause and the details of this pair."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matcher.candidates.codes import APPROVALS, BLOCKS, TOPICS, IntArray
from matcher.candidates.columns import Columns
from matcher.candidates.edges import Edges, SideForms, build_edges
from matcher.candidates.requirements import REQUIREMENTS, Refusals, judge
from matcher.candidates.words import APPROVAL_WORDS, BLOCK_WORDS, TOPIC_WORDS
from matcher.policy import TOPIC_BLOCK
from matcher.texts import Text, text


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """One rule that stands against a pair: its sentence, and what exactly is missing where that can be said."""

    rule: str
    clause: str
    sentence: Text
    detail: Text | None = None


def explain_refusals(columns: Columns, mentor: int, mentee: int) -> list[Refusal]:
    """Return all rules that refuse one pair, in the order in which they are told; empty where the pair may be."""
    edge = one_edge(columns, mentor, mentee)
    refused = int(judge(edge).refused[0])
    return [
        Refusal(
            rule=requirement.rule,
            clause=columns.policy.clause_of(requirement.rule),
            sentence=requirement.sentence,
            detail=_detail(requirement.name, edge),
        )
        for bit, requirement in enumerate(REQUIREMENTS)
        if refused >> bit & 1
    ]


def refusals_of_mentee(columns: Columns, mentee: int) -> Refusals:
    """Return for all mentors which rules refuse them to one mentee, as bit masks over ``REQUIREMENTS``."""
    mentors = np.arange(columns.num_mentors)
    return judge(build_edges(columns, SideForms.of(columns), mentors, np.full_like(mentors, mentee)))


def refusals_of_mentor(columns: Columns, mentor: int) -> Refusals:
    """Return for all mentees which rules refuse one mentor to them, as bit masks over ``REQUIREMENTS``."""
    mentees = np.arange(columns.num_mentees)
    return judge(build_edges(columns, SideForms.of(columns), np.full_like(mentees, mentor), mentees))


def one_edge(columns: Columns, mentor: int, mentee: int) -> Edges:
    """Return one pair and what it is."""
    one: tuple[IntArray, IntArray] = np.array([mentor], dtype=np.int64), np.array([mentee], dtype=np.int64)
    return build_edges(columns, SideForms.of(columns), *one)


def _detail(name: str, edge: Edges) -> Text | None:
    columns, mentor, mentee = edge.columns, int(edge.mentor[0]), int(edge.mentee[0])
    if name == "covers_a_need":
        return _what_is_not_covered(columns, mentor, mentee)
    if name == "is_old_enough":
        ages = (int(columns.mentees.age[mentee]), columns.policy.participants.min_age)
        if ages[0] < 0:
            return text("the date of birth is not given")
        day = columns.reference_day.isoformat()
        return text("{age} full years on {day}, {least} are asked for", age=ages[0], day=day, least=ages[1])
    if name == "is_senior_pupil":
        grades = int(columns.mentors.grade[mentor]), int(columns.mentees.grade[mentee])
        if min(grades) < 0:
            return text("the grade of one of the two is not given")
        return text("grade {mine} with grade {theirs}", mine=grades[0], theirs=grades[1])
    if name == "is_approved":
        missing = int(columns.mentors.missing_approvals[mentor])
        first = next((approval for at, approval in enumerate(APPROVALS) if missing >> at & 1), None)
        return None if first is None else text("missing: {approval}", approval=APPROVAL_WORDS[first])
    return None


def _what_is_not_covered(columns: Columns, mentor: int, mentee: int) -> Text:
    """Return what is missing for the most urgent need: the topic, the subject, or the level."""
    needs = columns.needs
    if needs.need.shape[1] == 0 or needs.need[mentee, 0] < 0:
        return text("the mentee has stated neither a request nor a gap")
    key = needs.key[int(needs.need[mentee, 0])]
    rule = columns.policy.rule("HR-04")
    least = max(columns.policy.thresholds.min_level, rule.number("min_mentor_level") if rule.on else 0)
    block = BLOCKS[key.block] if key.is_gap else TOPIC_BLOCK[TOPICS[key.topic]]
    if not key.is_gap and not int(columns.mentors.topics[mentor]) >> key.topic & 1:
        return text("the mentor does not help with {topic}", topic=TOPIC_WORDS[TOPICS[key.topic]])
    if block is not None:
        level = int(columns.mentors.levels[mentor, BLOCKS.index(block)])
        least = max(key.target, least) if key.is_gap else least
        if level < least:
            return text(
                "level {level} in {block}, {least} is asked for", level=level, block=BLOCK_WORDS[block], least=least
            )
    return text("the mentor does not teach {subject}", subject=key.subject)
