"""The quarterly look at advances against occupancy, which may propose adjustments (F-4)."""
