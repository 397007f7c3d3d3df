"""The tables, one module a family of nouns."""
