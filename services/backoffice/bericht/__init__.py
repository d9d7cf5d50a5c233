"""The archive: every text that came in or went out, encrypted, findable, with its verdict and its answer."""
