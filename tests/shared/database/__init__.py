"""The write path on SQLite: all or nothing, together when many wait, nothing half after trouble."""
