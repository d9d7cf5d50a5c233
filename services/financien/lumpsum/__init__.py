"""Lump sum of a contract line and the monthly advances on it (F-1, F-2)."""
