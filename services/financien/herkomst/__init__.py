"""Why this amount? From any amount one step back to rule, contract, leveringen and what else it rests on (F-4, F-9)."""
