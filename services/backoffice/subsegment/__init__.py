"""What backoffice knows of sub-segments: their law, product category and whether a toewijzing precedes delivery."""
