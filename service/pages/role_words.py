"""What roles are called and what each may do, in a line."""

from __future__ import annotations

from collections.abc import Mapping

from matcher.texts import Text, text
from service.tables.access import Role

ROLE_WORDS: Mapping[Role, Text] = {
    Role.ADMINISTRATOR: text("administrator of the service"),
    Role.MUNICIPAL_OPERATOR: text("operator of the municipality"),
    Role.MUNICIPAL_AUTHORITY: text("municipal authority of education"),
    Role.METHODICAL_SERVICE: text("methodical service"),
    Role.REGIONAL_READER: text("regional centre of mentoring"),
    Role.HEAD: text("head of the organisation"),
    Role.CURATOR: text("curator of mentoring"),
    Role.COUNCIL_MEMBER: text("member of the council of mentors"),
    Role.PSYCHOLOGIST: text("educational psychologist"),
    Role.TUTOR: text("tutor (of routes)"),
    Role.ROUTE_SUPPORTER: text("supporter of a route"),
    Role.UNION: text("trade union"),
    Role.OUTSIDE_EXPERT: text("outside expert"),
    Role.TECHNICAL_SPECIALIST: text("technical specialist (site)"),
    Role.MENTOR: text("mentor"),
    Role.MENTEE: text("mentee"),
    Role.LEGAL_REPRESENTATIVE: text("parent (legal representative)"),
}
ROLE_DUTIES: Mapping[Role, Text] = {
    Role.ADMINISTRATOR: text("gives rights; sees no people of rounds by this role alone"),
    Role.MUNICIPAL_OPERATOR: text("runs rounds of all organisations of the municipality"),
    Role.MUNICIPAL_AUTHORITY: text("sees figures, agrees the roadmap, signs orders of the municipality"),
    Role.METHODICAL_SERVICE: text("sees figures, keeps events and practices"),
    Role.REGIONAL_READER: text("sees figures only"),
    Role.HEAD: text("signs orders, names the curator, approves the council and recognition"),
    Role.CURATOR: text("runs rounds: lists, pairs, papers, meetings, reports"),
    Role.COUNCIL_MEMBER: text("looks through pairs and agrees to them"),
    Role.PSYCHOLOGIST: text("says whether two people suit each other"),
    Role.TUTOR: text("leads individual routes"),
    Role.ROUTE_SUPPORTER: text("comments on individual routes"),
    Role.UNION: text("agrees to documents or objects"),
    Role.OUTSIDE_EXPERT: text("writes reviews"),
    Role.TECHNICAL_SPECIALIST: text("publishes results on the site"),
}
