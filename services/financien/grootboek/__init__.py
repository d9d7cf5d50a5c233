"""The append-only double-entry ledger of each gemeente (F-9): posts, their chain, balances, closing, export."""
