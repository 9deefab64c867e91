"""Erasing a person: what names him goes, what counts stays, and an act tells of it."""
