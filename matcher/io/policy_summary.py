"""A policy as a methodist reads it: what is allowed, who decides, what counts, in one table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from matcher.io.choices import APPROVALS, BLOCKS, CATEGORIES, CONTOURS, KINDS, ORGANISATION_TYPES, TOPICS
from matcher.io.columns import Choice
from matcher.policy import Policy
from matcher.policy_labels import (
    COMPATIBILITY_LABELS,
    DOCUMENT_LABELS,
    HARD_RULE_LABELS,
    INDICATOR_LABELS,
    LAW_LABELS,
    PAIR_APPROVAL_LABELS,
    PROGRAMME_FIELD_LABELS,
    RISK_LABELS,
    SOFT_RULE_LABELS,
    STAGE_LABELS,
    clause_text,
)
from matcher.policy_parts import Deadline, Pattern, Rule
from matcher.policy_words import ContourMode, DeadlineWhen, ModelsRequired, PublicationWhat, Severity
from matcher.texts import Lang, Text, say, text, text_n

#: A row before it is said: its label and its value.
_Row = tuple[Text | str, Text | str]


def policy_summary(policy: Policy, lang: Lang) -> list[tuple[str, str]]:
    """Return the policy as rows of label and value, in the order in which people decide."""
    parts = (_who, _how, _limits, _decision, _programme, _rules, _weights, _monitoring, _dates)
    return [(_upper(say(label, lang)), say(value, lang)) for part in parts for label, value in part(policy, lang)]


def _upper(label: str) -> str:
    return label[:1].upper() + label[1:]


def _listed(items: Iterable[Text | str], lang: Lang) -> Text | str:
    """Return the items with semicolons between them, a dash for none."""
    return "; ".join(say(item, lang) for item in items) or "—"


def _chosen(ids: Iterable[str], choices: Sequence[Choice], lang: Lang) -> Text | str:
    labels = {choice.id: choice.label(lang) for choice in choices}
    return _listed((labels[str(word)] for word in ids), lang)


def _labelled(ids: Iterable[str], labels: Mapping[str, Text], lang: Lang) -> Text | str:
    return _listed((labels[str(word)] for word in ids), lang)


def _titled(title: str, title_en: str, clause: str, lang: Lang) -> str:
    return f"{title if lang == 'ru' else title_en} ({say(clause_text(clause), lang)})"


def _with_clause(value: Text | str, clause: str) -> Text:
    return text("{value} ({clause})", value=value, clause=clause_text(clause))


def _who(policy: Policy, lang: Lang) -> Iterator[_Row]:
    yield text("regulation"), policy.title if lang == "ru" else policy.title_en
    yield text("scope of a round"), _SCOPES[policy.scope_level]
    types = _chosen(policy.organisation_types, ORGANISATION_TYPES, lang)
    yield text("organisations"), types if policy.organisation_types else text("any")
    people = [text("teachers")]
    people += [text("students of pedagogical universities and colleges")] if policy.participants.students else []
    if policy.participants.pupils:
        people.append(text("pupils from {age} years", age=policy.participants.min_age))
    yield text("who takes part"), _listed(people, lang)


def _how(policy: Policy, lang: Lang) -> Iterator[_Row]:
    titles = (_titled(form.title, form.title_en, form.clause, lang) for form in policy.forms.values())
    yield (
        text("forms: who mentors whom"),
        _listed([*titles, *([text("and others")] if policy.forms_open else [])], lang),
    )
    models = [_titled(model.title, model.title_en, model.clause, lang) for model in policy.models]
    yield text("role models"), _listed([_MODELS[policy.models_required], *models], lang)
    yield text("kinds: how they work"), _chosen([*policy.kinds, *policy.tolerated_kinds], KINDS, lang)
    yield text("preferred kinds"), _chosen(policy.kind_prefer, KINDS, lang)
    for kind, pattern in policy.patterns.items():
        yield text("sessions: {kind}", kind=_chosen([kind], KINDS, lang)), _pattern(pattern)
    if policy.pupil_session is not None:
        yield text("sessions of pupils"), _pattern(policy.pupil_session)
    if policy.competence_blocks:
        yield text("pairs are picked by competences"), _chosen(policy.competence_blocks, BLOCKS, lang)
    else:
        topics = _chosen(policy.topics, TOPICS, lang) if policy.topics else text("any")
        yield text("pairs are picked by topics"), topics


def _pattern(pattern: Pattern) -> Text:
    if pattern.reserve_minutes_per_month is not None:
        reserve = pattern.reserve_minutes_per_month
        return text("when needed; {minutes} minutes a month in reserve", minutes=reserve)
    if pattern.every_days is None:
        return text("once, {minutes} minutes", minutes=pattern.minutes)
    return text_n(
        "every day, {minutes} minutes",
        "every {count} days, {minutes} minutes",
        count=pattern.every_days,
        minutes=pattern.minutes,
    )


def _limits(policy: Policy, lang: Lang) -> Iterator[_Row]:
    load = policy.load
    yield (
        text("individual mentees of a mentor"),
        text("at most {most}, better {soft}", most=load.max_individual_mentees, soft=load.soft_mentees),
    )
    yield text("mentors of a mentee"), text("at most {most}", most=load.max_mentors_per_mentee)
    size = text("{least}–{most} mentees", least=load.group_size[0], most=load.group_size[1])
    yield text("size of a group"), size
    yield text("groups of a mentor"), text("at most {most}", most=load.max_groups_per_mentor)
    yield (
        text("hours a week"),
        text(
            "mentor {mentor}, mentee {mentee}",
            mentor=f"{load.mentor_hours_per_week:g}",
            mentee=f"{load.mentee_hours_per_week:g}",
        ),
    )
    order = _chosen(policy.contours.order, CONTOURS, lang)
    yield text("nearest mentors first"), _with_clause(order, policy.contours.clause)
    yield text("mentors from outside"), _MODES[policy.contours.mode]


def _decision(policy: Policy, lang: Lang) -> Iterator[_Row]:
    yield (
        text("a mentor is approved by"),
        _with_clause(_chosen(policy.approvals.mentor, APPROVALS, lang), policy.approvals.clause),
    )
    yield text("a pair is fixed when"), _labelled(policy.approvals.pair, PAIR_APPROVAL_LABELS, lang)
    yield text("who judges compatibility"), _labelled(policy.compatibility_sources, COMPATIBILITY_LABELS, lang)
    body = text("council") if policy.conflict.body == "council" else text("curator")
    yield text("conflicts are settled by"), _with_clause(body, policy.conflict.clause)
    yield text("laws that also bind"), _labelled(policy.legal_overlay, LAW_LABELS, lang)


def _programme(policy: Policy, lang: Lang) -> Iterator[_Row]:
    months = policy.programme.months
    term = text("{least}–{most} months, usually {usual}", least=months.min, most=months.max, usual=months.default)
    yield text("length of a programme"), _with_clause(term, months.clause)
    fields = _labelled(policy.programme.required_fields, PROGRAMME_FIELD_LABELS, lang)
    yield text("a programme contains"), _with_clause(fields, policy.programme.fields_clause)
    yield text("stages"), _labelled(policy.stages, STAGE_LABELS, lang)
    for form, stages in policy.form_stages.items():
        title = policy.forms[form].title if lang == "ru" else policy.forms[form].title_en
        yield text("stages: {form}", form=title), _labelled(stages, STAGE_LABELS, lang)
    yield text("documents"), _labelled(policy.required_documents, DOCUMENT_LABELS, lang)


def _rules(policy: Policy, lang: Lang) -> Iterator[_Row]:
    for rule_id, rule in policy.rules.items():
        if rule.on:
            label = text("rule {rule}: {statement}", rule=rule_id, statement=HARD_RULE_LABELS[rule_id])
            yield label, _rule(rule)


def _rule(rule: Rule) -> Text:
    clause = clause_text(rule.clause)
    return text("warning only, {clause}", clause=clause) if rule.severity is Severity.WARN else clause


def _weights(policy: Policy, lang: Lang) -> Iterator[_Row]:
    for number, level in enumerate(policy.levels, start=1):
        wanted = (f"{say(SOFT_RULE_LABELS[rule], lang)} ({policy.weights[rule]})" for rule in level)
        yield text("wanted, step {number}", number=number), _listed(wanted, lang)
    tiers = [tier for tier in policy.tiers if "*" not in tier]
    yield text("whose mentor is found first"), " → ".join(say(_chosen(tier, CATEGORIES, lang), lang) for tier in tiers)


def _monitoring(policy: Policy, lang: Lang) -> Iterator[_Row]:
    indicators = _labelled(policy.indicators, INDICATOR_LABELS, lang)
    yield text("indicators"), text("on request") if policy.indicators_on_request else indicators
    if policy.risks:
        yield text("risks watched"), _labelled(policy.risks, RISK_LABELS, lang)
    yield text("publication"), _publication(policy)


def _publication(policy: Policy) -> Text:
    publication = policy.publication
    if publication.what is PublicationWhat.NONE:
        return text("not asked for")
    if publication.what is PublicationWhat.PRACTICES:
        return _with_clause(text("best practices"), publication.clause)
    needed = text("section of the site, required") if publication.required else text("section of the site, if any")
    return _with_clause(needed, publication.clause)


def _dates(policy: Policy, lang: Lang) -> Iterator[_Row]:
    for deadline in policy.deadlines:
        title = deadline.title if lang == "ru" else deadline.title_en
        yield title, _with_clause(_when(deadline), deadline.clause)


def _when(deadline: Deadline) -> Text:
    match deadline.when:
        case DeadlineWhen.DAY:
            return text("every year, not later than {day}", day=_day(deadline.day))
        case DeadlineWhen.WINDOW if deadline.years is not None and deadline.years[0] == deadline.years[1]:
            return text(
                "{start}–{end} of {year}",
                start=_day(deadline.start_day),
                end=_day(deadline.day),
                year=deadline.years[0],
            )
        case DeadlineWhen.WINDOW:
            return text("every year, {start}–{end}", start=_day(deadline.start_day), end=_day(deadline.day))
        case DeadlineWhen.QUARTER:
            days = deadline.due_days or 0
            return text_n(
                "every quarter, within {count} day of its end",
                "every quarter, within {count} days of its end",
                count=days,
            )
        case DeadlineWhen.TIMES_A_YEAR:
            least = (deadline.times or (1, None))[0]
            return text_n("at least {count} time a year", "at least {count} times a year", count=least)
        case DeadlineWhen.COMPLETION:
            return text("after the programmes are completed")
        case DeadlineWhen.REQUEST:
            return text("on request")


def _day(month_day: str | None) -> str:
    """Return "MM-DD" as day.month, readable in both languages."""
    month, day = (month_day or "-").split("-")
    return f"{day}.{month}"


_SCOPES: Mapping[str, Text] = {
    "organisation": text("one organisation"),
    "municipality": text("municipality, all its organisations"),
    "region": text("region, all its organisations"),
}
_MODELS: Mapping[ModelsRequired, Text] = {
    ModelsRequired.NONE: text("not used"),
    ModelsRequired.FREE: text("chosen freely"),
    ModelsRequired.OPTIONAL: text("at most one for a pair"),
    ModelsRequired.ONE: text("exactly one for a pair"),
}
_MODES: Mapping[ContourMode, Text] = {
    ContourMode.WEIGHTED: text("allowed; every step away costs points"),
    ContourMode.INTERNAL_FIRST: text("only when nobody inside is left, and flagged"),
}
