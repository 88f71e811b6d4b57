"""Statements: what a customer was told of its account, for which period, and how that differs from today's ledger."""
