"""Personal data at rest: encrypted, bound to its row, found by keyed hash only; every look at it is logged."""
