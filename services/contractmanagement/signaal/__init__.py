"""Signals on occupancy: filling up, full, over, under-used, occupied without a contract line (C-2)."""
