"""What goes into a batch, which steps it takes, what the bank's answer does to it, and how it is booked (F-2, F-8)."""
