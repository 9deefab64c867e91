"""What only the whole policy file shows: keys that must fit each other.

The checks read the raw document, so that they speak even while other keys are wrong; a key of a wrong type is
reported elsewhere and simply counts as empty here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from matcher.io.toml_text import Finding
from matcher.policy import PUPIL_FORMS
from matcher.roster import MentoringKind
from matcher.texts import text

_Document = Mapping[str, Any]


def whole_findings(document: _Document) -> Iterator[Finding]:
    """Yield what is wrong between the keys of a policy file."""
    for check in _CHECKS:
        yield from check(document)


def _table(document: _Document, *path: str) -> Mapping[str, Any]:
    value: Any = document
    for key in path:
        value = value.get(key) if isinstance(value, Mapping) else None
    return value if isinstance(value, Mapping) else {}


def _words(document: _Document, *path: str) -> list[str]:
    value = _table(document, *path[:-1]).get(path[-1])
    return [word for word in value if isinstance(word, str)] if isinstance(value, list) else []


def _kinds_have_patterns(document: _Document) -> Iterator[Finding]:
    kinds = [*_words(document, "kinds"), *_words(document, "tolerated_kinds")]
    if document.get("other_kinds") == "warn":
        kinds = [*MentoringKind]
    for kind in dict.fromkeys(kinds):
        if kind in [*MentoringKind] and kind not in _table(document, "patterns"):
            yield (
                ("patterns", str(kind)),
                text("the kind {kind} has no session pattern", kind=str(kind)),
                text("add a table [patterns.{kind}]", kind=str(kind)),
            )


def _kinds_do_not_overlap(document: _Document) -> Iterator[Finding]:
    for kind in set(_words(document, "kinds")) & set(_words(document, "tolerated_kinds")):
        yield ("tolerated_kinds",), text("{item} stands twice", item=kind), text("leave it in kinds only")


def _preferred_kinds_are_taken(document: _Document) -> Iterator[Finding]:
    taken = {*_words(document, "kinds"), *_words(document, "tolerated_kinds")}
    for kind in _words(document, "kind_choice", "prefer"):
        if kind in [*MentoringKind] and kind not in taken and document.get("other_kinds") != "warn":
            yield (
                ("kind_choice", "prefer"),
                text("the kind {kind} is refused by this policy", kind=kind),
                text("leave it out, or add it to kinds"),
            )


def _forms_are_allowed(document: _Document) -> Iterator[Finding]:
    forms = _table(document, "forms")
    uses: list[tuple[tuple[str | int, ...], Any]] = [
        (("models", name, "form"), model.get("form"))
        for name, model in _table(document, "models").items()
        if isinstance(model, Mapping)
    ]
    uses += [(("form_stages", name), name) for name in _table(document, "form_stages")]
    uses += [(("approvals", "mentor_forms"), name) for name in _words(document, "approvals", "mentor_forms")]
    quotas = _table(document, "quotas").get("form")
    uses += [
        (("quotas", "form", position, "id"), quota.get("id"))
        for position, quota in enumerate(quotas if isinstance(quotas, list) else [])
        if isinstance(quota, Mapping)
    ]
    for place, form in uses:
        if isinstance(form, str) and form not in forms:
            yield (
                place,
                text("the form {form} is not among the forms of this policy", form=form),
                text("forms here: {known}", known=", ".join(forms)),
            )


def _pupils_fit(document: _Document) -> Iterator[Finding]:
    participants = _table(document, "participants")
    if participants.get("pupils") is True:
        if "min_age" not in participants:
            yield (
                ("participants", "min_age"),
                text("pupils take part, but their youngest age is not given"),
                text("add it, for example min_age = 10"),
            )
        if "pupil" not in _table(document, "patterns"):
            yield (
                ("patterns", "pupil"),
                text("pupils take part, but their sessions have no pattern"),
                text("add a table [patterns.pupil]"),
            )
    if participants.get("pupils") is False:
        for form in _table(document, "forms"):
            if form in PUPIL_FORMS:
                yield (
                    ("forms", form),
                    text("the form {form} is for pupils, who do not take part", form=form),
                    text("write participants.pupils = true, or leave the form out"),
                )


def _models_fit(document: _Document) -> Iterator[Finding]:
    models, required = _table(document, "models"), document.get("models_required")
    if required in ("one", "optional") and not models:
        yield (
            ("models_required",),
            text("a role model is wanted, but none is named"),
            text('name models, or write models_required = "none"'),
        )
    if required == "none" and models:
        yield (
            ("models_required",),
            text("role models are named, but none is wanted"),
            text('write models_required = "optional" or "one"'),
        )


def _topics_or_blocks(document: _Document) -> Iterator[Finding]:
    if _words(document, "topics") and _words(document, "competence_blocks"):
        yield (
            ("competence_blocks",),
            text("pairs are picked by topics or by competence blocks, not by both"),
            text("leave one of the two lists empty"),
        )


def _soft_rules_once(document: _Document) -> Iterator[Finding]:
    levels = document.get("levels")
    named = (rule for level in levels if isinstance(level, list) for rule in level) if isinstance(levels, list) else ()
    counted = Counter(rule for rule in named if isinstance(rule, str))
    for rule, count in counted.items():
        if count > 1:
            yield ("levels",), text("{item} stands twice", item=rule), text("leave {item} in one place", item=rule)


def _targets_are_indicators(document: _Document) -> Iterator[Finding]:
    for indicator in _table(document, "targets"):
        if indicator not in _words(document, "indicators"):
            yield (
                ("targets", indicator),
                text("the target {indicator} is no indicator of this policy", indicator=indicator),
                text("add {indicator} to indicators, or leave the target out", indicator=indicator),
            )


def _days_in_order(document: _Document) -> Iterator[Finding]:
    start, end = document.get("valid_from"), document.get("valid_to")
    if start is not None and end is not None and type(start) is type(end) and end < start:
        yield (
            ("valid_to",),
            text("the policy ends ({end}) before it begins ({start})", start=str(start), end=str(end)),
            text("write a later valid_to, or leave it out for no end"),
        )


_CHECKS: tuple[Callable[[_Document], Iterator[Finding]], ...] = (
    _kinds_have_patterns,
    _kinds_do_not_overlap,
    _preferred_kinds_are_taken,
    _forms_are_allowed,
    _pupils_fit,
    _models_fit,
    _topics_or_blocks,
    _soft_rules_once,
    _targets_are_indicators,
    _days_in_order,
)
