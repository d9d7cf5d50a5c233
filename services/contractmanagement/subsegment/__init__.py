"""Sub-segments: what is bought. Each has its own product code in the messages, such as 54Z01."""
