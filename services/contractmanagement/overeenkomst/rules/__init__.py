"""Pure rules of contracts: what they hold, when they hold together, which days a line covers."""
