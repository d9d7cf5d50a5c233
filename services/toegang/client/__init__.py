"""The resident: personal data, encrypted at rest, found by keyed hash of the BSN only."""
