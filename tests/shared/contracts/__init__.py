"""What crosses a service border: schemas that only grow, envelopes that others can read."""
