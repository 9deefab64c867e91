"""What measures and steps of a plot are called."""

from __future__ import annotations

from collections.abc import Mapping

from matcher.io.choices import CONTOURS, SUBJECTS, TOPICS
from matcher.texts import Lang, Text, say, text

MEASURES: Mapping[str, Text] = {
    "coverage": text("mentees with a mentor, %"),
    "coverage.least": text("coverage of the least covered organisation, %"),
    "load.most": text("most mentees of one mentor"),
    "load.minutes_most": text("most minutes of one mentor in four weeks"),
    "load.minutes_mean": text("minutes of a mentor in four weeks, mean"),
    "travel.pairs": text("pairs of two organisations"),
    "gained": text("mentees gained by the step"),
    "changed": text("pairs changed by the step"),
    "broken": text("autumn pairs broken though they could go on"),
    "lacks": text("points all pairs lack to ideal ones"),
    "above.share": text("pairs carried above the fair share"),
    "priced": text("gain promised by the price"),
    "confirmed": text("gain confirmed by solving anew"),
    "digital": text("covered requests of the experienced"),
    "minutes": text("minutes of all pairs in four weeks"),
    "liked": text("how people of a pair rate each other, mean"),
    "refused": text("pairs somebody would refuse"),
    "true.gaps": text("true gaps covered"),
    "kept": text("pairs kept"),
}
"""What the measures of a run and of its steps are called; those of steps have "_" for the dot."""
_STEPS: Mapping[str, Text] = {
    "autumn": text("autumn"),
    "before": text("without new mentors"),
    "locked": text("pairs that can go on stay"),
    "stable": text("stability right after coverage"),
    "weighed": text("keeping a pair weighs {number}"),
    "regulation": text("by the regulation"),
    "cold": text("anew from nothing"),
    "without": text("without fairness"),
    "first": text("fairness first"),
    "classic": text("nobody in reverse"),
    "one_way": text("reverse, nothing given back"),
    "both_ways": text("reverse, both ways"),
    "known": text("true levels"),
    "best": text("best source"),
    "lowest": text("lowest of several levels"),
    "middle": text("middle of several levels"),
    "highest": text("highest of several levels"),
    "missing": text("{number} % of the data missing"),
    "met": text("{number} met at the event"),
}
_SETS = tuple({one.id: {"ru": one.ru, "en": one.en} for one in choices} for choices in (CONTOURS, SUBJECTS, TOPICS))
CONTOUR_WORDS, SUBJECT_WORDS, _TOPIC_WORDS = _SETS


def step_words(step: str, lang: Lang) -> str:
    """Return what a step is called: a contour, a word with its number, a new mentor, or else its own name.

    >>> step_words("weighed 10", "en")
    'keeping a pair weighs 10'
    >>> step_words("2 physics Лицей № 3", "ru")
    '2. Физика, Лицей № 3'
    """
    if step in CONTOUR_WORDS:
        return CONTOUR_WORDS[step][lang]
    if step == "0":
        return say(text("nobody recruited"), lang)
    word, _, number = step.partition(" ")
    subject, _, school = number.partition(" ")
    if word.isdecimal() and school:
        known = SUBJECT_WORDS.get(subject, _TOPIC_WORDS.get(subject, {}))
        return f"{word}. {known.get(lang, say(text('any subject'), lang))}, {school}"
    if word not in _STEPS or (number and not number.isdecimal()):
        return step
    return say(Text(_STEPS[word].msgid, {"number": number}), lang)
