"""One contract line as a person looks at it: its occupancy day by day, its months, its leveringen as figures."""
