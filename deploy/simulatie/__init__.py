"""Plays a region and its providers against a running installation, over its public HTTP API alone.

`wereld` says what a region is, `bedenken` makes one up from a seed, `spelen` plays it through the calendar, and
`vergelijken` holds the installation's answers against `waarheid`: what really happened, kept apart and computed by code
of its own.
"""
