"""What the fields of a pair's records, their choices and steps are called on a page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum

from matcher.io.choices import FORMS, KINDS, TOPICS
from matcher.policy_words import ConflictOutcome, EndReason
from matcher.roster import MentoringForm, MentoringKind, SessionMode, Topic
from matcher.texts import Lang, Text, say, text
from service.records.words import ActivityType, Direction

FIELD_LABELS: Mapping[str, Text] = {
    "directions": text("Directions of work"),
    "forms": text("Forms of mentoring"),
    "kinds": text("Kinds of mentoring"),
    "activities": text("Activities by direction"),
    "problem": text("What is difficult: the requests and gaps"),
    "relevance": text("Why it matters"),
    "goals": text("Goals"),
    "tasks": text("Tasks"),
    "content": text("Content of the work"),
    "content.mentor": text("What the mentor does"),
    "content.mentee": text("What the mentee does"),
    "target_audience": text("Whom the programme is for"),
    "term": text("Term"),
    "first_day": text("First day"),
    "last_day": text("Last day"),
    "mentor_requirements": text("What is required of the mentor"),
    "work_plan": text("Plan of work"),
    "interim_results": text("Results on the way"),
    "planned_results": text("Expected results"),
    "result_measures": text("How the results are judged"),
    "schedule": text("Schedule of meetings"),
    "mode": text("How the two meet"),
    "conditions": text("Conditions of the work"),
    "participants": text("Participants"),
    "curator_note": text("Note of the curator: why beyond the longest term"),
    "end_reason": text("Why it ends"),
    "end_day": text("Ended on"),
    "title": text("What is to be done"),
    "direction": text("Direction"),
    "type": text("What kind of work"),
    "day": text("Day"),
    "result": text("Result"),
    "done_day": text("Done on"),
    "reached": text("Reached"),
    "start": text("Begins at"),
    "end": text("Ends at"),
    "place": text("Place"),
    "goal": text("Goal"),
    "year": text("Year"),
    "quarter": text("Quarter"),
    "done": text("What was done"),
    "difficulties": text("Difficulties"),
    "changes": text("What has changed"),
    "criteria": text("Progress of the mentee, points from 0 to 10"),
    "project_culture": text("Culture of project work"),
    "attendance": text("Attendance"),
    "successful_projects": text("Successful projects"),
    "activity": text("Activeness"),
    "meetings_held": text("Meetings held"),
    "curator_remark": text("Remark of the curator"),
    "process": text("Part of the curator: how the work went"),
    "mentee_progress": text("Part of the mentor: what the mentee has achieved"),
    "mentor_work": text("Part of the mentee: how the mentor worked"),
    "spheres_at_start": text("Pupil with special needs, at the start (0 to 10)"),
    "spheres_at_end": text("Pupil with special needs, at the end (0 to 10)"),
    "cognitive": text("Cognition"),
    "communicative": text("Communication"),
    "emotional": text("Emotions"),
    "independence": text("Independence"),
    "risks": text("Risks"),
    "rating": text("Mark for the work of the pair, from 0 to 10"),
    "plan_reached": text("The plan is reached"),
    "minutes": text("Minutes"),
    "topics": text("Topics"),
    "next_steps": text("What comes next"),
    "goal_reached": text("The goal of the meeting is reached"),
    "words": text("What is wrong"),
    "wanted": text("What would help"),
    "outcome": text("Outcome"),
    "decision": text("Decision"),
    "decided_day": text("Decided on"),
    "protocol": text("Number of the minutes"),
}

_CHOICES: Mapping[type[StrEnum], Mapping[str, Text]] = {
    SessionMode: {"online": text("online"), "in_person": text("in person"), "mixed": text("partly in person")},
    Direction: {
        "scientific_theoretical": text("scientific and theoretical"),
        "normative_legal": text("rules and law"),
        "subject_professional": text("subject and profession"),
        "psychological_pedagogical": text("psychology and pedagogy"),
        "methodical": text("methods of teaching"),
    },
    ActivityType: {
        "consultation": text("consultation"),
        "lesson_visit": text("visit to a lesson"),
        "orientation": text("getting to know the organisation"),
        "support": text("accompanying"),
        "training": text("training"),
        "subject_deepening": text("deepening the subject"),
        "article": text("article"),
        "conference": text("conference"),
        "exam_preparation": text("preparing for exams"),
        "contest": text("contest"),
        "workshop": text("workshop"),
        "project": text("project"),
        "mentor_hour": text("hour of the mentor"),
        "extracurricular": text("extracurricular lesson"),
        "family_work": text("work with the family"),
        "other": text("other work"),
    },
    EndReason: {
        "completed": text("the programme is completed"),
        "mentor": text("the mentor asks for it"),
        "mentee": text("the mentee asks for it"),
        "mutual": text("both sides wish it"),
        "curator": text("the curator decides so"),
        "left": text("one of the two leaves the organisation"),
    },
    ConflictOutcome: {
        "keep": text("the pair goes on as it is"),
        "change_programme": text("the programme is changed"),
        "mediated": text("the two have come to terms"),
        "rematch": text("another mentor is looked for"),
        "end": text("the pair ends"),
    },
}
_LISTS = {MentoringForm: FORMS, MentoringKind: KINDS, Topic: TOPICS}

STATES: Mapping[str, Text] = {
    "draft": text("draft"),
    "agreed": text("agreed"),
    "in_work": text("being carried out"),
    "closed": text("closed"),
    "submitted": text("handed in"),
    "checked": text("checked"),
    "returned": text("returned to be corrected"),
    "signed": text("signed by all"),
    "kept": text("written down"),
    "open": text("waits to be looked into"),
    "in_review": text("being looked into"),
    "decided": text("decided"),
    "withdrawn": text("withdrawn"),
}
STEPS: Mapping[str, Text] = {
    "agreed": text("Agree the programme"),
    "in_work": text("Begin to work by it"),
    "closed": text("Close the programme"),
    "submitted": text("Hand in to the curator"),
    "checked": text("Note as checked"),
    "returned": text("Return to be corrected"),
    "signed": text("Note as signed by all"),
    "in_review": text("Begin to look into it"),
    "decided": text("Write down the decision"),
    "withdrawn": text("Take it back"),
}


def choices_of(kind: type[StrEnum], lang: Lang) -> list[tuple[str, str]]:
    """Return the values of an enumeration with what they are called, in their order."""
    if kind in _LISTS:
        return [(choice.id, choice.label(lang)) for choice in _LISTS[kind]]
    return [(value, say(label, lang)) for value, label in _CHOICES[kind].items()]


def choice_word(kind: type[StrEnum]) -> Callable[[str, Lang], str]:
    """Return what tells how a value of an enumeration is called."""
    return lambda value, lang: dict(choices_of(kind, lang)).get(value, value)
