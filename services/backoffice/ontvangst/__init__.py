"""Messages in: kept first, then checked level by level, decided, answered."""
