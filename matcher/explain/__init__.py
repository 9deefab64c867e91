"""Why this pair, why nobody, what would help, whom to recruit, what it would cost: reading a finished plan."""
