"""Terms become payable: each term whose month has begun is booked once, and with that it is owed (F-2, F-9)."""
