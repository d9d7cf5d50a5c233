"""Runs one service or all of them: settings, logging, schedules, start and clean stop."""
