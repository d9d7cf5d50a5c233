"""The monthly terms of a lijn: the contract's advance, moved by adjustments that were fixed (F-2, F-4)."""
