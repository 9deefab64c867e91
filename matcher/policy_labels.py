"""What people read for the words of a policy: rules, documents, indicators, stages, clauses."""

from __future__ import annotations

from collections.abc import Mapping

from matcher.texts import Text, text


def clause_text(clause: str) -> Text:
    """Return a clause as people cite it.

    >>> str(clause_text("4.5"))
    'clause 4.5'
    >>> str(clause_text("A-01"))
    'default of the product (A-01)'
    """
    if clause in _LAW_CLAUSES:
        return _LAW_CLAUSES[clause]
    if clause.startswith("A-"):
        return text("default of the product ({number})", number=clause)
    if clause.startswith("roadmap "):
        return text("roadmap, item {number}", number=clause.removeprefix("roadmap "))
    if ";" in clause:
        return text("clauses {clauses}", clauses=clause)
    return text("clause {clause}", clause=clause)


_LAW_CLAUSES: Mapping[str, Text] = {
    "": text("no clause"),
    "product": text("rule of the product"),
    "ru_labour_351_8": text("Labour Code, article 351.8"),
    "ru_personal_data": text("law on personal data"),
}

HARD_RULE_LABELS: Mapping[str, Text] = {
    "HR-01": text("nobody mentors himself, nor the same person twice in one form"),
    "HR-02": text("both sides are available, the mentor is approved, nobody has a veto"),
    "HR-03": text("the form is allowed and both people fit it"),
    "HR-04": text("the mentor covers a request of first priority"),
    "HR-05": text("the conditions of the role model hold"),
    "HR-06": text("nobody has more pairs, groups or hours than the limits allow"),
    "HR-07": text("groups keep their size; one-to-one means one mentee"),
    "HR-08": text("in reverse mentoring on new technology the mentor is the younger one"),
    "HR-09": text("in speed mentoring the mentor is of a higher level, and there is one meeting"),
    "HR-10": text("a pupil has reached the youngest age"),
    "HR-11": text("pupils are of one organisation, the mentor of a higher grade"),
    "HR-12": text("the mentor of a pupil with special needs is qualified for it"),
    "HR-13": text("the mentor of a gifted pupil is a tutor"),
    "HR-14": text("the mentor of a pupil at risk is experienced"),
    "HR-15": text("the mentor's place is allowed; an outside mentor has a contract"),
    "HR-16": text("the programme keeps its bounds, all sessions are within it"),
    "HR-17": text("nobody is busy at the time of a session"),
    "HR-18": text("pupils meet outside lessons and not too late"),
    "HR-19": text("a session in person has a place, a free room and time for the way"),
    "HR-20": text("all members of a group are free at its time"),
    "HR-21": text("short-term sessions have a goal and time between them"),
    "HR-22": text("agreed and running pairs stay"),
    "HR-23": text("a pair begins only with an order, consents and documents"),
    "HR-24": text("a pair the psychologist does not recommend is not made"),
}

SOFT_RULE_LABELS: Mapping[str, Text] = {
    "SO-01": text("as few as possible without a mentor, novices first"),
    "SO-02": text("requests and gaps covered, the urgent ones first"),
    "SO-03": text("same subject rather than a related one"),
    "SO-04": text("mutual interest and sympathy"),
    "SO-05": text("compatibility"),
    "SO-06": text("nearer mentors first"),
    "SO-07": text("even load of mentors"),
    "SO-08": text("experience, qualification and training of the mentor"),
    "SO-09": text("as few changes as possible"),
    "SO-10": text("scarce experts kept for those who need them"),
    "SO-11": text("convenient times, few trips"),
    "SO-12": text("fairness between organisations"),
}

DOCUMENT_LABELS: Mapping[str, Text] = {
    "D-01": text("implementing act"),
    "D-02": text("regulation on mentoring"),
    "D-03": text("roadmap (activity plan)"),
    "D-04": text("order that fixes pairs and groups"),
    "D-05": text("written consent to a mentor's duties"),
    "D-06": text("consent to the processing of personal data"),
    "D-07": text("agreement of mentor and mentee (legal representative)"),
    "D-08": text("personalised mentoring programme"),
    "D-09": text("meeting schedule"),
    "D-10": text("questionnaires"),
    "D-11": text("quarterly report"),
    "D-12": text("final report of the pair"),
    "D-13": text("final analytical report of the curator"),
    "D-14": text("registers"),
    "D-15": text("statistical data sheet"),
    "D-16": text("materials for the site"),
    "D-17": text("card of the School of Mentoring"),
    "D-18": text("order of termination or replacement"),
}

INDICATOR_LABELS: Mapping[str, Text] = {
    "I-01": text("methodology of mentoring developed"),
    "I-02": text("share of pupils involved"),
    "I-03": text("share of teachers under 35 supported in the first three years"),
    "I-04": text("share of 15–19-year-olds acting as mentors"),
    "I-05": text("satisfaction of mentees"),
    "I-06": text("satisfaction of mentors"),
    "I-21": text("results and risks of programmes"),
    "I-22": text("joint educational and cultural projects"),
    "I-23": text("share of the mentee's pupils who passed their exams"),
    "I-24": text("dynamics of attainment"),
    "I-25": text("dynamics of olympiad participation"),
    "I-26": text("social and professional activity of the mentee"),
    "I-27": text("involvement of teachers by form"),
    "I-31": text("educational results of mentee and mentor"),
    "I-32": text("motivation to develop"),
    "I-33": text("involvement in innovation"),
    "I-34": text("quality and pace of adaptation"),
    "I-35": text("readiness to be a mentor or mentee"),
    "I-36": text("retention of young teachers"),
    "I-37": text("programmes completed in full"),
    "I-38": text("strengths and risks, tests, projects with enterprises, employment"),
}

STAGE_LABELS: Mapping[str, Text] = {
    "preparatory": text("preparatory stage"),
    "main": text("main stage"),
    "final": text("final stage"),
    "diagnostic": text("diagnostic stage"),
    "design": text("design stage"),
    "implementation": text("implementation stage"),
    "reflexive": text("reflexive and analytical stage"),
    "resultative": text("resultative stage"),
    "organisation": text("organisation of mentoring"),
    "appointment": text("appointment of mentors and mentees"),
    "passing": text("passing of mentoring"),
    "completion": text("completion of mentoring"),
}

PROGRAMME_FIELD_LABELS: Mapping[str, Text] = {
    "forms": text("forms of mentoring"),
    "kinds": text("kinds of mentoring"),
    "participants": text("participants of the programme"),
    "directions": text("directions of work"),
    "activities": text("list of activities"),
    "problem": text("problem"),
    "goals": text("goals"),
    "tasks": text("tasks"),
    "content": text("content of the work"),
    "term": text("term of the programme"),
    "interim_results": text("interim results"),
    "planned_results": text("planned results"),
    "schedule": text("schedule of meetings"),
    "mode": text("mode of work"),
    "conditions": text("conditions of training"),
    "relevance": text("relevance"),
    "target_audience": text("target audience"),
    "mentor_requirements": text("requirements for mentors"),
    "work_plan": text("plan of work"),
    "result_measures": text("how results are measured"),
}

PAIR_APPROVAL_LABELS: Mapping[str, Text] = {
    "council": text("the council agrees"),
    "council_advice": text("the council helps to choose"),
    "curator": text("the curator agrees"),
    "psychologist": text("the psychologist gives an opinion"),
    "interview": text("interviews are held"),
    "questionnaire": text("questionnaires are filled in"),
    "written_consent": text("both sides consent in writing"),
    "head_order": text("the head issues an order"),
}

COMPATIBILITY_LABELS: Mapping[str, Text] = {
    "curator": text("the curator's opinion"),
    "mutual_scores": text("wishes of both sides"),
    "interview": text("interview"),
    "questionnaire": text("questionnaire"),
    "psychologist": text("the psychologist's opinion"),
}

RISK_LABELS: Mapping[str, Text] = {
    "high_load": text("high load of mentors and mentees"),
    "low_motivation": text("low motivation"),
    "formal_performance": text("mentoring for form's sake"),
    "mentor_opposed": text("the mentee opposes the mentor"),
    "weak_contours": text("help from outside is not used"),
    "not_seen_as_growth": text("mentoring is not seen as growth"),
}

LAW_LABELS: Mapping[str, Text] = {
    "ru_labour_351_8": text("written consent and pay under article 351.8 of the Labour Code"),
    "ru_personal_data": text("a separate consent to the processing of personal data"),
    "ru_school_day": text("limits of the school day"),
}
