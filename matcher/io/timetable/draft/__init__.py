"""The draft of a map: what names of days, hours and teachers probably mean."""
