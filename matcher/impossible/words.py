"""Elements as sentences."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from matcher.impossible.element import Element, ElementKind
from matcher.impossible.finding import Finding, Grounds
from matcher.impossible.world import World, people_of
from matcher.policy import Policy
from matcher.scheduling.numbers import which_sessions
from matcher.sessions.schedule import Activity, ActivityPurpose
from matcher.texts import Text, text, text_n

ON_WEEKDAYS = (
    text("on Mondays"),
    text("on Tuesdays"),
    text("on Wednesdays"),
    text("on Thursdays"),
    text("on Fridays"),
    text("on Saturdays"),
    text("on Sundays"),
)
_BY_WEEKDAY = {
    ElementKind.LESSONS: text("{who} has lessons {days}"),
    ElementKind.BUILDING: text("{who} is not in the building {days}"),
    ElementKind.REACH: text("{who} cannot be reached {days}"),
}


class Words:
    """Says facts about people and places of a roster. People are called by id: who shows them knows their names."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._classes = {found.id for found in world.roster.classes}
        self._places = {found.id: found.name or found.id for found in world.roster.organisations}
        self._places |= {site.id: site.name or site.id for site in world.roster.sites}

    def person(self, id_: str) -> Text | str:
        """Return what a person or class is called by."""
        return text("class {name}", name=id_) if id_ in self._classes else id_

    def place(self, id_: str) -> str:
        """Return the name of a building or an organisation."""
        return self._places.get(id_, id_)

    def pair(self, id_: str) -> Text | str:
        """Return the people of an activity."""
        activity = self._world.activities[id_]
        people = listed([self.person(one) for one in people_of(activity)], dash=True)
        if activity.purpose is ActivityPurpose.LESSON_VISIT:
            return text("{people} (lesson visits)", people=people)
        return people

    def facts(self, elements: Sequence[Element], numbers: Sequence[int]) -> list[Text]:
        """Return the elements behind sessions as sentences; weekdays of one person are told together."""
        told: list[Text] = []
        for kind, pattern in _BY_WEEKDAY.items():
            for subject in dict.fromkeys(one.subject for one in elements if one.kind is kind):
                days = [one.weekday for one in elements if one.kind is kind and one.subject == subject]
                when = listed([ON_WEEKDAYS[day - 1] for day in days if day is not None])
                told.append(self._ruled(text(pattern.msgid, who=self.person(subject), days=when), "HR-17"))
        order = {kind: at for at, kind in enumerate(ElementKind)}
        rest = [one for one in elements if one.kind not in _BY_WEEKDAY]
        told += [self._ruled(self._fact(one, numbers), one.rule) for one in sorted(rest, key=lambda e: -order[e.kind])]
        return told

    def _ruled(self, fact: Text, rule: str) -> Text:
        return text("{fact} ({rule})", fact=fact, rule=rule_words(self._world.policy, rule))

    def _fact(self, element: Element, numbers: Sequence[int]) -> Text:
        kind, span = element.kind, days_words(element.first_day, element.last_day)
        if kind is ElementKind.ABSENCE:
            return text("{who} is away {span}", who=self.person(element.subject), span=span)
        if kind is ElementKind.WEEK:
            return text("the hours of {who} a week are limited", who=self.person(element.subject))
        if kind is ElementKind.VISITED:
            return text("{who} has no lesson of this length", who=self.person(element.subject))
        if kind in (ElementKind.EXAM, ElementKind.VACATION, ElementKind.HOLIDAY):
            return text("{span} is “{name}”", span=span, name=element.name or _UNNAMED[kind])
        if kind is ElementKind.DAYS_OFF:
            return text("the days off of {place}", place=self.place(element.subject))
        if kind is ElementKind.HOURS:
            return text("the hours of the day of {place}", place=self.place(element.subject))
        if kind is ElementKind.ROOMS:
            return text("no free room for these people in {place}", place=self.place(element.subject))
        if kind is ElementKind.LICENCES:
            return text("the number of video licences")
        if kind is ElementKind.TRAVEL:
            return text("the way between buildings")
        if kind is ElementKind.PAIR:
            return text("the meetings of {pair}", pair=self.pair(element.subject))
        return self._own(element, self._world.activities[element.subject], numbers)

    def _own(self, element: Element, activity: Activity, numbers: Sequence[int]) -> Text:
        """Return a rule of the activity itself."""
        kind = element.kind
        if kind is ElementKind.SESSION:
            return text("session {number} of the same people", number=element.number)
        if kind is ElementKind.GAP:
            return text("at least {days} days between meetings", days=activity.gap_days)
        if kind is ElementKind.LENGTH:
            return text("a meeting lasts at least {minutes} minutes", minutes=activity.min_minutes)
        if kind is ElementKind.MODE:
            return text("the way these people meet: {mode}", mode=mode_words(activity))
        if kind is ElementKind.DAY_LIMIT:
            latest = activity.latest_minute or 0
            return text("pupils stay until {time} at the latest", time=clock(latest))
        if kind is ElementKind.UNKNOWN:
            return text("the lessons of the pupils are not known, so meetings begin after the first shift")
        if len(numbers) > 1:
            return text("each of these sessions belongs to its own days")
        window = activity.windows[numbers[0] - 1]
        return text("the session belongs to {span}", span=days_words(window.first_day, window.last_day))


_UNNAMED = {
    ElementKind.EXAM: text("exam"),
    ElementKind.VACATION: text("vacation"),
    ElementKind.HOLIDAY: text("public holiday"),
}


def finding_words(finding: Finding, words: Words) -> Text:
    """Return a finding as one sentence."""
    sessions = which_sessions(finding.numbers)
    if finding.grounds is Grounds.OPEN:
        return text("{sessions}: there is a place that the search did not come to", sessions=sessions)
    facts = listed(words.facts(finding.elements, finding.numbers), separator="; ")
    if finding.grounds is Grounds.AS_PLANNED:
        return text("{sessions}, as long as others stay where they are: {facts}", sessions=sessions, facts=facts)
    return text("{sessions}: {facts}", sessions=sessions, facts=facts)


def listed(parts: Sequence[Text | str], *, separator: str = ", ", dash: bool = False) -> Text | str:
    """Return several sentences as one: with commas, or a dash behind the first."""
    if not parts:
        return ""
    found: Text | str = parts[0]
    for at, part in enumerate(parts[1:]):
        sign = " – " if dash and at == 0 else separator
        found = text("{first}{sign}{then}", first=found, sign=sign, then=part)
    return found


def distinct(sentences: Iterable[Text]) -> tuple[Text, ...]:
    """Return sentences without those that say the same."""
    return tuple({str(sentence): sentence for sentence in sentences}.values())


def mode_words(activity: Activity) -> Text:
    """Return how people of an activity meet."""
    if not activity.modes:
        return text("no way that all accept")
    if len(activity.modes) > 1:
        return text("in the building wherever there is a time")
    return text("only online") if activity.modes[0] == "online" else text("only in person")


def days_words(first: date | None, last: date | None) -> str:
    """Return days from one to another.

    >>> days_words(date(2025, 9, 1), date(2025, 9, 12))
    '01.09–12.09.2025'
    """
    if first is None or last is None:
        return ""
    if first == last:
        return f"{last:%d.%m.%Y}"
    return f"{first:%d.%m}–{last:%d.%m.%Y}" if first.year == last.year else f"{first:%d.%m.%Y}–{last:%d.%m.%Y}"


def clock(minute: int) -> str:
    """Return minutes after midnight as a time of day."""
    return f"{minute // 60 % 24:02}:{minute % 60:02}"


def rule_words(policy: Policy, rule: str) -> str:
    """Return a rule with the clause it stands on."""
    clause = policy.rules[rule].clause if rule in policy.rules else ""
    return f"{rule}, {clause}" if clause else rule


def sessions_words(count: int) -> Text:
    """Return a number of meetings."""
    return text_n("{count} meeting", "{count} meetings", count=count)
