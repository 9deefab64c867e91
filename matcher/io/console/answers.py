"""Answers to single questions on the console; the curator reads them, nothing is left out."""

from __future__ import annotations

from collections.abc import Sequence

from matcher.compare import Comparison, Figure, Measure
from matcher.explain.findings import (
    Alternative,
    BlockingPair,
    CurvePoint,
    Effect,
    NextBest,
    NobodyReasons,
    PairReasons,
    Recruit,
    WhatIf,
)
from matcher.explain.level_titles import level_title
from matcher.explain.questions import MenteeAnswer, MentorAnswer, Spoken
from matcher.io.console.paper import Paper
from matcher.io.sentences.effects import (
    MEASURE_TITLES,
    effect_line,
    how_found,
    move_line,
    plain,
    signed,
)
from matcher.io.sentences.reasons import (
    cure_line,
    no_cure,
    nobody_line,
    pair_lines,
    profile_line,
    proof_of_short_set,
    refused_line,
    rule_line,
)
from matcher.io.speaker import Speaker
from matcher.plan import Plan
from matcher.texts import Lang, Text, text, text_n

_MOST_REFUSED, _MOST_MOVES = 8, 40


def print_mentee(answer: Spoken[MenteeAnswer], lang: Lang) -> None:
    """Print why a mentee has his mentors, or why nobody and what would help."""
    paper, speaker = Paper(lang), Speaker(answer.plan, lang)
    found = answer.finding
    paper.title(speaker.person(found.mentee))
    for pair in found.pairs:
        _pair(pair, paper, speaker)
    if found.nobody is not None:
        _nobody(found.nobody, paper, speaker)


def print_mentor(answer: Spoken[MentorAnswer], lang: Lang) -> None:
    """Print a mentor's load, his pairs with their reasons, and what one more place with him would bring."""
    paper, speaker = Paper(lang), Speaker(answer.plan, lang)
    found, load = answer.finding, answer.finding.load
    paper.title(speaker.person(found.mentor))
    paper.line(
        text(
            "pairs {pairs} of {max_pairs}; groups {groups} of {max_groups}; hours a week {hours} of {max_hours};"
            " might take: {candidates}",
            pairs=load.pairs,
            max_pairs=load.max_pairs,
            groups=load.groups,
            max_groups=load.max_groups,
            hours=speaker.hours(load.minutes),
            max_hours=speaker.hours(load.max_minutes),
            candidates=load.num_candidates,
        )
    )
    for pair in found.pairs:
        _pair(pair, paper, speaker)
    if found.refused:
        paper.title(text("Whom the rules refuse to this mentor"))
        for group in found.refused[:_MOST_REFUSED]:
            paper.line(f"• {refused_line(group, speaker)}")
    if found.one_more is not None:
        line = effect_line(found.one_more.effect, speaker)
        paper.line(text("one place more with this mentor → {effect}", effect=line), "cyan")


def _pair(pair: PairReasons, paper: Paper, speaker: Speaker) -> None:
    heading = f"{speaker.person(pair.mentor)} – {speaker.person(pair.mentee)}"
    form = ", ".join(
        word
        for word in (
            speaker.word("form", pair.form),
            speaker.word("kind", pair.kind),
            speaker.word("model", pair.model),
        )
        if word
    )
    paper.line(f"{heading} ({form})", "bold green")
    for line in pair_lines(pair, speaker):
        paper.line(line, indent=2)
    for warning in pair.warnings:
        paper.line(warning, "yellow", indent=2)
    _next(text("the mentee's next best"), pair.next_for_mentee, paper, speaker, is_mentor=True)
    _next(text("the mentor's next best"), pair.next_for_mentor, paper, speaker, is_mentor=False)


def _next(title: Text, found: NextBest | None, paper: Paper, speaker: Speaker, *, is_mentor: bool) -> None:
    if found is None:
        return
    name = speaker.person(found.mentor if is_mentor else found.mentee)
    line = f"{speaker.say(title)}: {name} ({speaker.say(text('fit'))} {found.fit} %)"
    if found.effect is not None:
        effect = effect_line(found.effect, speaker)
        line += f" → {effect} ({speaker.say(how_found(found.effect))})"
    paper.line(line, "cyan", indent=2)


def _nobody(reasons: NobodyReasons, paper: Paper, speaker: Speaker) -> None:
    paper.line(nobody_line(reasons, speaker), "red")
    if reasons.short_set is not None:
        paper.line(proof_of_short_set(reasons.short_set), "dim", indent=2)
    if reasons.refused:
        paper.title(text("Whom the rules refuse"))
        for group in reasons.refused[:_MOST_REFUSED]:
            paper.line(f"• {refused_line(group, speaker)}")
    paper.title(text("What would help"))
    if not reasons.cures:
        paper.line(no_cure(reasons), "yellow")
    if reasons.cures:
        for number, cure in enumerate(reasons.cures, start=1):
            paper.line(f"{number}) {cure_line(cure, speaker)}", "cyan")
            paper.line(how_found(cure.effect), "dim", indent=3)


def print_what_if(answer: Spoken[WhatIf], lang: Lang) -> None:
    """Print what a plan with (or without) a pair would cost and whom it would move."""
    paper, speaker = Paper(lang), Speaker(answer.plan, lang)
    found = answer.finding
    who = f"{speaker.person(found.mentor)} – {speaker.person(found.mentee)}"
    paper.title(text("Without the pair {who}", who=who) if found.forbid else text("With the pair {who}", who=who))
    if found.is_present is not found.forbid:
        paper.line(text("It is so already."), "green")
    for rule in found.refused:
        paper.line(f"• {rule_line(rule, speaker)}", "red")
    if found.effect is None:
        if found.is_present is found.forbid and not found.refused:
            paper.line(text("No valid plan was found."), "red")
        return
    _effect(found.effect, paper, speaker)


def _effect(effect: Effect, paper: Paper, speaker: Speaker) -> None:
    """Print an effect in full: people, levels, how sure."""
    paper.line(effect_line(effect, speaker), "cyan")
    for change in effect.levels:
        difference = signed(change.after - change.before)
        title = speaker.say(level_title(change.name))
        paper.line(f"{title}: {plain(change.before)} → {plain(change.after)} ({difference})", indent=2)
    paper.line(how_found(effect), "dim")


def print_recruits(answer: Spoken[tuple[Recruit, ...]], lang: Lang) -> None:
    """Print whom to recruit, the most useful first."""
    paper, speaker = Paper(lang), Speaker(answer.plan, lang)
    paper.title(text("Whom to recruit first"))
    if not answer.finding:
        paper.line(text("One place more, with whomever, would help nobody."), "green")
    for number, recruit in enumerate(answer.finding, start=1):
        who = profile_line(recruit, speaker) if recruit.mentor is None else speaker.person(recruit.mentor)
        what = text("a new mentor") if recruit.mentor is None else text("one place more")
        paper.line(f"{number}) {speaker.say(what)}: {who} → {effect_line(recruit.effect, speaker)}", "cyan")
        exact = text("proved: no plan with this change gains more") if recruit.is_exact else how_found(recruit.effect)
        paper.line(exact, "dim", indent=3)


def print_blocking(answer: Spoken[tuple[BlockingPair, ...]], lang: Lang) -> None:
    """Print the pairs who would both rather have each other."""
    paper, speaker = Paper(lang), Speaker(answer.plan, lang)
    number = len(answer.finding)
    paper.title(
        text_n("{count} pair would rather have each other", "{count} pairs would rather have each other", count=number)
        if number
        else text("Nobody would rather have each other than what they have.")
    )
    free = speaker.say(text("a free place"))
    paper.table(
        (text("mentor"), text("mentee"), text("instead of the mentee"), text("instead of the mentor")),
        (
            (
                speaker.person(pair.mentor),
                speaker.person(pair.mentee),
                free if pair.instead_mentee is None else speaker.person(pair.instead_mentee),
                free if pair.instead_mentor is None else speaker.person(pair.instead_mentor),
            )
            for pair in answer.finding
        ),
    )


def print_alternatives(answer: Spoken[tuple[Alternative, ...]], lang: Lang) -> None:
    """Print other plans that are nearly as good, and in what they differ."""
    paper, speaker = Paper(lang), Speaker(answer.plan, lang)
    if not answer.finding:
        paper.line(text("No other plan differs in so many pairs."), "yellow")
    for found in answer.finding:
        pairs = text_n("{count} new pair", "{count} new pairs", count=found.num_new_pairs)
        paper.title(text("Variant {number}: {pairs}", number=found.number, pairs=pairs))
        _effect(found.effect, paper, speaker)


def print_curve(answer: Spoken[tuple[CurvePoint, ...]], lang: Lang) -> None:
    """Print what so many changes against the earlier plan would gain."""
    paper, speaker = Paper(lang), Speaker(answer.plan, lang)
    paper.title(text("So many changes allowed, so much gained"))
    paper.table(
        (text("new pairs at most"), text("new pairs"), text("what is gained")),
        ((str(p.most_new_pairs), str(p.num_new_pairs), effect_line(p.effect, speaker)) for p in answer.finding),
        justify=("right", "right", "left"),
    )


def print_comparison(found: Comparison, lang: Lang, plan: Plan | None = None) -> None:
    """Print what changed between two plans; names are taken from ``plan``, ids stand where it is not given."""
    paper = Paper(lang)
    speaker = None if plan is None else Speaker(plan, lang)
    paper.title(text("What changed"))
    paper.line(
        text(
            "pairs kept: {kept}, new: {added}, ended: {removed}; people touched: {people}",
            kept=found.kept,
            added=len(found.added),
            removed=len(found.removed),
            people=len(found.people),
        )
    )
    paper.table(
        (text("what"), text("before"), text("after"), text("change")),
        (
            (
                MEASURE_TITLES[figure.measure],
                _amount(figure.measure, figure.before, lang),
                _amount(figure.measure, figure.after, lang),
                _change(figure.measure, figure.change, lang),
            )
            for figure in comparable(found)
        ),
        justify=("left", "right", "right", "right"),
        styles=("", "", "bold"),
    )
    if not found.same_policy:
        paper.line(text("The regulations differ, so the values of the levels cannot be compared."), "yellow")
    for move in found.moves[:_MOST_MOVES]:
        paper.line(move_line(move, speaker) if speaker else _plain_move(move.mentee, move.before, move.after))
    if len(found.moves) > _MOST_MOVES:
        rest = len(found.moves) - _MOST_MOVES
        paper.line(text_n("and {count} more", "and {count} more", count=rest), "dim")


def comparable(found: Comparison) -> list[Figure]:
    """Return the figures that can be held against each other: points only where the number of pairs is the same."""
    same_number = (not found.added and not found.removed) or len(found.added) == len(found.removed)
    return [figure for figure in found.figures if same_number or figure.measure is not Measure.POINTS]


def _amount(measure: Measure, value: int, lang: Lang) -> str:
    return _decimal(f"{value / 240:.1f}", lang) if measure is Measure.MINUTES else str(value)


def _change(measure: Measure, value: int, lang: Lang) -> str:
    if measure is Measure.MINUTES and value:
        return _decimal(f"{value / 240:+.1f}", lang).replace("-", "−")
    return signed(value)


def _decimal(number: str, lang: Lang) -> str:
    return number.replace(".", ",") if lang == "ru" else number


def _plain_move(mentee: str, before: Sequence[str], after: Sequence[str]) -> str:
    return f"{mentee}: {', '.join(before) or '—'} → {', '.join(after) or '—'}"
