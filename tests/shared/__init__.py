"""Tests that pin what all services stand on: the write path, the event path, the HTTP edge, privacy and the runtime."""
