"""Pure values that every service speaks: money, periods, places, working days, codes, refusals."""
