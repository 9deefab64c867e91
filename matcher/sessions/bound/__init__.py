"""Bounds that no session plan can beat, found with prices on everything activities compete for."""
