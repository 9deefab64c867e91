"""Trials of the service: what it keeps when it is killed, how much it bears."""
