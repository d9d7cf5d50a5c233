"""The bus is only the hop between two tables: from the outbox of one service to the inbox of another."""
