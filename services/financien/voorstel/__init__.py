"""Next year's places and lump sum per line, from inflow, real length of stay and price (F-6)."""
