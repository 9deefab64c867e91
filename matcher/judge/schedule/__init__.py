"""Whether a schedule keeps its rules: judged session by session from people, days and minutes."""
