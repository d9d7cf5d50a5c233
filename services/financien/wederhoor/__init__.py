"""An aanbieder is heard before a gemeente decides about its money: until when, and what came of it (F-4, F-5)."""
