"""What a gemeente is called, as contractmanagement told: pages, letters and overviews name it (F-2, F-4, F-5, F-7)."""
