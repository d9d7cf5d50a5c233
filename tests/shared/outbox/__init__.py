"""The event path: recorded with the decision, carried at least once, effective once, parked and never lost."""
