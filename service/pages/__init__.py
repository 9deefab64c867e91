"""The page people work on: rendered here, made lively by htmx, nothing fetched from elsewhere."""
