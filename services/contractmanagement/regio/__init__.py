"""The region at a glance: who has how many places where, how full they are, and which signals are open."""
