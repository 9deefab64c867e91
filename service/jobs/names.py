"""The names of the files in a work folder; apart, so that a solver process loads nothing of the service for them."""

TASK, ROSTER, POLICY, MAPS = "task.json", "roster.json", "policy.toml", "maps"
PREVIOUS, CHANGES, PLAN, RESULT = "previous.json", "changes.toml", "plan.json", "result.json"
