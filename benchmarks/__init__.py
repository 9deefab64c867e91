"""Measurements of the solvers beside their peers, with a written protocol: see README.md."""
