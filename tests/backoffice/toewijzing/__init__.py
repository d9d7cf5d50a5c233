"""Toewijzingen: what becomes of them when a decision changes."""
