"""Letters and specifications to aanbieders, as PDF and spreadsheet; what was sent is kept byte for byte (F-4, F-5)."""
