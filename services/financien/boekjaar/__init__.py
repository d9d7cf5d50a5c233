"""What a financial year holds, month by month and line by line: paid in advance, occupied, settled, still to come."""
