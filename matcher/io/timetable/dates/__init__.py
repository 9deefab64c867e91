"""Personal calendars: dated events, of which those that come back each week become busy slots."""
