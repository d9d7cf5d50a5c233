"""Claims about the levering rules: each fault by its TR number, OP080 as a property of whole histories."""
