"""What a regulation makes of a roster before anything is solved."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from matcher.candidates.build import Candidates
from matcher.candidates.requirements import REQUIREMENTS
from matcher.explain.help.refusals import grouped, refused_to_mentee
from matcher.io.console.paper import Paper
from matcher.policy_labels import clause_text
from matcher.roster import Roster
from matcher.texts import Lang, text, text_n

_MOST_MENTEES, _MOST_RULES = 20, 3


def print_candidates(candidates: Candidates, lang: Lang, roster: Roster | None = None) -> None:
    """Print how many pairs the rules leave, which rules refuse most, and who has no candidate at all, and why.

    People are called by name where ``roster`` is given.
    """
    paper, report = Paper(lang), candidates.report
    paper.title(text("What the regulation makes of it"))
    paper.line(
        text(
            "pairs looked at: {looked}, allowed: {allowed}; possible groups: {groups}",
            looked=report.num_looked_at,
            allowed=report.num_pairs,
            groups=report.num_groups,
        )
    )
    refused = sorted(report.refused.items(), key=lambda entry: -entry[1])
    sentences = {(rule.rule, rule.name): rule.sentence for rule in REQUIREMENTS}
    policy = candidates.columns.policy
    if refused:
        paper.table(
            (text("what refuses pairs"), text("clause"), text("pairs")),
            ((sentences[key], clause_text(policy.clause_of(key[0])), str(count)) for key, count in refused),
            justify=("left", "left", "right"),
        )
    names = {} if roster is None else {person.id: person.name for person in roster.people}
    _without_candidates(candidates, paper, names)
    for note in report.notes:
        paper.line(note, "yellow")


def _without_candidates(candidates: Candidates, paper: Paper, names: Mapping[str, str]) -> None:
    problem, columns = candidates.problem, candidates.columns
    standing = problem.mentee if problem.extra is None else problem.mentee[~problem.extra]
    alone = np.setdiff1d(np.arange(problem.num_mentees), standing).tolist()
    if not alone:
        paper.line(text("Every mentee has at least one possible mentor."), "green")
        return
    count = text_n(
        "{count} mentee has no possible mentor:", "{count} mentees have no possible mentor:", count=len(alone)
    )
    paper.line(count, "bold red")
    for mentee in alone[:_MOST_MENTEES]:
        groups = grouped(columns, refused_to_mentee(columns, candidates.sides, mentee), columns.mentor_id.__getitem__)
        largest = sorted(groups, key=lambda group: -len(group.mentors))[:_MOST_RULES]
        reasons = "; ".join(
            f"{paper.say(group.rules[0].sentence).rstrip('.')} – {len(group.mentors)}" for group in largest
        )
        id_ = columns.mentee_id[mentee]
        who = f"{names[id_]} ({id_})" if names.get(id_) else id_
        paper.line(f"• {who}: {reasons}", "red")
    if len(alone) > _MOST_MENTEES:
        rest = len(alone) - _MOST_MENTEES
        paper.line(text_n("and {count} more", "and {count} more", count=rest), "red")
