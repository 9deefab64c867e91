"""The search for starts and rooms of meetings."""
