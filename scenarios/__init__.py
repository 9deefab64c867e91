"""Whole cases run in batch; nothing imports this package."""
