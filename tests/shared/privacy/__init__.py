"""Keys, encryption, and the search for a BSN where none may be."""
