"""Random lines of contracts, told twice: to the product's rules, and to a calculation that knows nothing of them."""
