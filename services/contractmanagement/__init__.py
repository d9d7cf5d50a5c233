"""Contractmanagement: contracts, utilisation of awarded places and the signals that start a conversation."""
