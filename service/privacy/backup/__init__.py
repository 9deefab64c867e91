"""Copies of everything the service holds: one sealed file, for both databases."""
