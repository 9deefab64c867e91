"""Timetables in XML: read piece by piece, without document types and entities, in whatever encoding they are."""
