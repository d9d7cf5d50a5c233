"""Forecast of a contract line and the proposal to adjust its remaining terms (F-4)."""
