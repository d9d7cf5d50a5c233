"""The event path around the bus: events recorded with the decision, carried by the relay, taken in once.

Invariants: (1) an event exists if and only if its decision was committed; (2) a recorded event reaches every reader
at least once, and has effect once (inbox); (3) per aggregate readers can tell old from new by its version; (4) what
can't be handled is parked with its error and its body, never dropped; (5) sent events are kept, they are the
embedded mode's replay source.
"""
