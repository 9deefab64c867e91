"""Why sessions have no place, what would place them, and why a session is when it is."""
