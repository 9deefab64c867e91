"""Pairing as a minimum-cost flow, wherever the structure of the problem allows it: exact, with a full certificate."""
