"""The round solved again with one thing changed."""
