"""Payments (F-8): a batch of what is owed, approved by two people, as a file for the bank, and what the bank says."""
