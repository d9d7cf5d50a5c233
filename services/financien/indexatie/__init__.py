"""The yearly index of prices: forecast and definitive figures per law and year, and what they make of a contract."""
