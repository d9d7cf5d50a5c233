"""The demo region: fictitious municipalities, providers and clients with test BSNs, loaded through the public API."""
