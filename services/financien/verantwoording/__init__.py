"""Accountability per financial year: what the year paid, realised and settled, held against the ledger (F-7)."""
