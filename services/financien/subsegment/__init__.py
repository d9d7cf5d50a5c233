"""Which segment a sub-segment belongs to, as contractmanagement told: the build-up of a payment shows it (F-2)."""
