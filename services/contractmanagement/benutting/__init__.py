"""Utilisation: how much of what was awarded is occupied on a reference date (C-2)."""
