"""Use cases of payments: put a batch together, take its steps, follow what the bank says (F-8)."""
