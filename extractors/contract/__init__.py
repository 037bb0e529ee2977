"""Contracts: from pages of words to kind, key terms and clauses."""
