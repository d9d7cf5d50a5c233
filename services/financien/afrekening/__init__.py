"""Settlement of a contract line on its actual occupancy (F-5)."""
