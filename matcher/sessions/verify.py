"""Checks sessions against the problem, without a solver."""
