"""The write path: one changeset per decision, committed whole or not at all (docs/decisions/0001).

A handler loads with a `Reader`, decides, and returns a `Changeset`; the edge commits it. `sqlite` is the embedded
engine (one writer thread that commits waiting changesets together).
"""
