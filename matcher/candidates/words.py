"""What people read for topics, competence blocks and approvals."""

from __future__ import annotations

from collections.abc import Mapping

from matcher.roster import Approval, CompetenceBlock, Topic
from matcher.texts import Text, text

TOPIC_WORDS: Mapping[Topic, Text] = {
    Topic.SUBJECT_CONTENT: text("subject content"),
    Topic.TEACHING_METHODS: text("teaching methods"),
    Topic.UPBRINGING: text("upbringing"),
    Topic.LESSON_ORGANISATION: text("organisation of lessons"),
    Topic.PSYCH_PED_SUPPORT: text("psychological and pedagogical support"),
    Topic.PARENTS: text("work with parents"),
    Topic.ADDITIONAL_EDUCATION: text("additional education"),
    Topic.DIGITAL: text("digital technologies"),
    Topic.COMMUNICATION: text("communication"),
    Topic.OTHER: text("other questions"),
}

BLOCK_WORDS: Mapping[CompetenceBlock, Text] = {
    CompetenceBlock.SUBJECT: text("subject competences"),
    CompetenceBlock.METHODICAL: text("methodical competences"),
    CompetenceBlock.PSYCH_PEDAGOGICAL: text("psychological and pedagogical competences"),
    CompetenceBlock.COMMUNICATIVE: text("communicative competences"),
    CompetenceBlock.DIGITAL: text("digital competences"),
    CompetenceBlock.NORMATIVE_LEGAL: text("knowledge of the law"),
}

APPROVAL_WORDS: Mapping[Approval, Text] = {
    Approval.RESULTS_CONFIRMED: text("confirmed results"),
    Approval.COMPETENCE_LEVEL: text("a competence at the level asked for"),
    Approval.HEAD: text("the head's approval"),
    Approval.PEDAGOGICAL_COUNCIL: text("the approval of the pedagogical council"),
    Approval.SENIOR_METHODIST: text("the approval of the senior methodist"),
    Approval.DEPUTY_HEAD: text("the approval of the deputy head"),
}
