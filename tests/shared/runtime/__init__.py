"""Settings, schedules and logs."""
