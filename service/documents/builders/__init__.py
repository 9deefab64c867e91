"""What each paper says: one small builder for each, from the material of a round to fields of its template."""
