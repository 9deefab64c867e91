"""What papers say of organisations and how they write the names of people."""
