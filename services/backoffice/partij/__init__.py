"""Who messages are from and to, by name, as contractmanagement told: messages know codes only."""
