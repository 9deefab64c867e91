"""Why somebody has nobody, what would help, why a pair stands: in sentences."""

from __future__ import annotations

from matcher.explain.findings import (
    Cause,
    Cure,
    CureKind,
    NobodyReasons,
    PairReasons,
    Recruit,
    RefusedGroup,
    RuleRef,
    ShortSet,
)
from matcher.io.sentences.effects import effect_line
from matcher.io.speaker import Speaker, lowered
from matcher.outcome import Proof
from matcher.policy_labels import clause_text
from matcher.texts import Text, text, text_n

_MOST_NAMES = 6

#: Short names of the criteria of a pair.
CRITERION_TITLES = {
    "SO-03": text("subject"),
    "SO-04": text("mutual wish"),
    "SO-05": text("compatibility of the two"),
    "SO-06": text("nearness"),
    "SO-08": text("experience and qualification"),
    "SO-10": text("sparing rare specialists"),
    "SO-11": text("common free time"),
}


def short_set_line(found: ShortSet, speaker: Speaker) -> str:
    """Return the short set: how many mentees, which mentors, how many places, how many stay without."""
    mentees = text_n("{count} mentee", "{count} mentees", count=len(found.mentees))
    places = text_n("{count} place", "{count} places", count=sum(m.places for m in found.mentors))
    who = speaker.say(mentees)
    if found.subjects:
        who = f"{who} ({', '.join(speaker.subject(s) for s in found.subjects)})"
    if not found.mentors and not found.quotas:
        return speaker.say(text("nobody in the roster may mentor {names}", names=speaker.persons(found.mentees)))
    parts = []
    if found.mentors:
        names = ", ".join(f"{speaker.person(m.mentor)} – {m.places}" for m in found.mentors[:_MOST_NAMES])
        if len(found.mentors) > _MOST_NAMES:
            names += ", …"
        count = text_n("{count} mentor", "{count} mentors", count=len(found.mentors))
        parts.append(
            text("{mentors} for all of them, with {places} ({names})", mentors=count, places=places, names=names)
        )
    parts += [text("{quota}: room for {room}", quota=quota.what, room=quota.room) for quota in found.quotas]
    missing = len(found.mentees) - found.most_served
    line = text("{mentees} can go only here: {limits}", mentees=who, limits=speaker.listed(parts))
    if found.proof is None:
        return f"{speaker.say(line)}."
    without = text_n(
        "whatever the plan, at least {count} of them stays without a mentor",
        "whatever the plan, at least {count} of them stay without a mentor",
        count=missing,
    )
    return f"{speaker.say(line)}; {speaker.say(without)}."


def proof_of_short_set(found: ShortSet) -> Text:
    """Return who vouches for a short set."""
    if found.proof is Proof.CERTIFICATE:
        return text("proved by counting places")
    if found.proof is Proof.SOLVER:
        return text("proved by trying all possibilities of these people")
    return text("so in this plan; not proved for all plans")


def nobody_line(reasons: NobodyReasons, speaker: Speaker) -> str:
    """Return in a line or two why a mentee has no mentor."""
    if reasons.cause is Cause.NO_NEED:
        return speaker.say(
            text("none of the mentee's requests and gaps belongs to this regulation; state one that does")
        )
    if reasons.cause is Cause.NO_CANDIDATE:
        return speaker.say(text("no mentor of the roster keeps all the rules"))
    if reasons.cause is Cause.NO_WAY:
        allowed = text_n(
            "the rules allow {count} mentor, but there is no way of working together",
            "the rules allow {count} mentors, but there is no way of working together",
            count=reasons.num_allowed,
        )
        return speaker.say(allowed) + _accepted(reasons, speaker)
    would_do = text_n("{count} mentor would do", "{count} mentors would do", count=reasons.num_candidates)
    return f"{speaker.say(would_do)}; {_what_stops(reasons, speaker)}"


def _what_stops(reasons: NobodyReasons, speaker: Speaker) -> str:
    if reasons.short_set is not None:
        return short_set_line(reasons.short_set, speaker)
    if reasons.held_back is not None:
        effect = effect_line(reasons.held_back, speaker)
        if reasons.held_back.is_gain:
            return speaker.say(text("a better plan exists: {effect}", effect=effect))
        return speaker.say(text("only something that counts more would have to give way: {effect}", effect=effect))
    if reasons.cause is Cause.ONLY_GROUPS:
        return speaker.say(text("but only in a group, and none comes together in this plan")) + _accepted(
            reasons, speaker
        )
    return speaker.say(text("but all their places are taken in this plan"))


def _accepted(reasons: NobodyReasons, speaker: Speaker) -> str:
    if not reasons.accepted_kinds:
        return ""
    kinds = ", ".join(speaker.word("kind", kind) for kind in reasons.accepted_kinds)
    return f"; {speaker.say(text('accepted is only: {kinds}', kinds=kinds))}"


def refused_line(group: RefusedGroup, speaker: Speaker, *, most: int = 3) -> str:
    """Return which people the same rules refuse, and why."""
    why = "; ".join(lowered(rule_line(rule, speaker)) for rule in group.rules)
    return f"{speaker.persons(group.mentors, most=most)} – {why}"


def rule_line(rule: RuleRef, speaker: Speaker) -> str:
    """Return the sentence of a rule with its clause."""
    sentence = speaker.say(rule.sentence).rstrip(".")
    if not rule.clause:
        return sentence
    return f"{sentence} ({speaker.say(clause_text(rule.clause))})"


def cure_line(cure: Cure, speaker: Speaker) -> str:
    """Return what would help and what it does."""
    return f"{cure_title(cure, speaker)} → {effect_line(cure.effect, speaker)}"


def no_cure(reasons: NobodyReasons) -> Text:
    """Return what is said where no cure is listed."""
    if reasons.is_tried:
        return text("no single concession helps")
    return text("not tried yet: ask with matcher explain --mentee {mentee}", mentee=reasons.mentee)


def cure_title(cure: Cure, speaker: Speaker) -> str:
    """Return the concession itself."""
    mentor = "" if cure.mentor is None else speaker.person(cure.mentor)
    if cure.kind is CureKind.RECRUIT:
        return speaker.say(text("find a new mentor: {who}", who=profile_line(cure, speaker)))
    if cure.kind is CureKind.PLACE and cure.minutes:
        hours = speaker.hours(cure.minutes)
        return speaker.say(text("one place and {hours} hours a week more: {mentor}", hours=hours, mentor=mentor))
    if cure.kind is CureKind.PLACE:
        return speaker.say(text("one place more: {mentor}", mentor=mentor))
    if cure.kind is CureKind.HOURS:
        return speaker.say(
            text("{hours} hours a week more: {mentor}", hours=speaker.hours(cure.minutes), mentor=mentor)
        )
    if cure.kind is CureKind.GROUP:
        return speaker.say(text("a group more: {mentor}, {theme}", mentor=mentor, theme=_theme(cure, speaker)))
    if cure.kind is CureKind.KIND:
        return speaker.say(text("accept any kind of mentoring: {mentor}", mentor=mentor))
    if cure.kind is CureKind.CONTOUR:
        contour = speaker.word("contour", cure.contour)
        return speaker.say(
            text("allow a mentor from further away ({contour}): {mentor}", contour=contour, mentor=mentor)
        )
    rules = "; ".join(rule_line(rule, speaker) for rule in cure.rules)
    return speaker.say(text("lift for this pair, giving a reason: {rules}: {mentor}", rules=rules, mentor=mentor))


def profile_line(sought: Cure | Recruit, speaker: Speaker) -> str:
    """Return what a new mentor has to bring."""
    parts = [speaker.word("subject", sought.subject)] if sought.subject else []
    parts += [speaker.word("topic", sought.topic)] if sought.topic else []
    parts += [speaker.organisation(sought.organisation)] if sought.organisation else []
    return ", ".join(parts) or speaker.say(text("any subject"))


def _theme(cure: Cure, speaker: Speaker) -> str:
    parts = [speaker.word("topic", cure.topic), speaker.word("subject", cure.subject)]
    return ", ".join(part for part in parts if part)


def pair_lines(reasons: PairReasons, speaker: Speaker) -> list[str]:
    """Return why a pair stands, a reason a line. What the reader may not see is left out beforehand."""
    lines = []
    if reasons.locked:
        lines.append(speaker.say(text("fixed earlier: stays as it is")))
    if reasons.covers:
        lines.append(speaker.say(text("covers: {needs}", needs=speaker.needs(reasons.mentee, reasons.covers))))
    if reasons.open_needs:
        needs = speaker.needs(reasons.mentee, reasons.open_needs)
        lines.append(speaker.say(text("stays open: {needs}", needs=needs)))
    lines.append(speaker.say(text("contour: {contour}", contour=speaker.word("contour", reasons.contour))))
    if reasons.common_slots is not None:
        lines.append(speaker.say(text("free slots in common: {count}", count=reasons.common_slots)))
    lines.append(f"{speaker.say(text('fit'))}: {reasons.fit} % ({criteria_line(reasons, speaker)})")
    if reasons.clauses:
        lines.append(speaker.say(text("stands on: {clauses}", clauses=_clauses(reasons, speaker))))
    return lines


def _clauses(reasons: PairReasons, speaker: Speaker) -> str:
    return ", ".join(dict.fromkeys(speaker.say(clause_text(clause)) for clause in reasons.clauses))


def criteria_line(reasons: PairReasons, speaker: Speaker) -> str:
    """Return the share of each criterion that counts, in per cent."""
    shares = [
        f"{speaker.say(CRITERION_TITLES[rule])} {max(0, round(100 * reasons.points.get(rule, 0) / most))}"
        for rule, most in reasons.ideal.items()
        if most > 0
    ]
    return ", ".join(shares)
