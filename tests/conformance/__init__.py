"""The long run of level 1: the reader against the official schemas, and against bytes that nobody meant to send."""
