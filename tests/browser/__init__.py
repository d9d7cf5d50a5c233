"""The pages as a person meets them: a real browser, the real product, its demo region."""
