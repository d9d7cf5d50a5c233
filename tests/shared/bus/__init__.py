"""The hop inside one process."""
