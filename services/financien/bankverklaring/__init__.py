"""What two people of a gemeente state of a payment of which the bank says nothing, from its statement (F-8)."""
