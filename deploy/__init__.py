"""Puts the four services together and starts them: the all-in-one, the command line, the demo region."""
