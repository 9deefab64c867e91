"""The life of a round: its states, its decisions, its rules."""
