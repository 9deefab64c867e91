"""Pairing that is more than a flow: groups, several mentors for one mentee, hours, links, the worst-off."""
