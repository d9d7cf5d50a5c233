"""Occupied days of a contract line turned into average places and realised amount (F-4, F-5)."""
