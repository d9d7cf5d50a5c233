"""Realised to date and forecast per lijn, moved by every occupancy event (F-4); where events enter financien."""
