"""Domain events: what crosses a service border. Contracts only grow; breaking means a new `.v2` beside `.v1`."""
