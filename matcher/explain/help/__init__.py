"""Why somebody has nobody, and what would help."""
