"""Statements of account: what a customer is told it owes, kept to the cent, and what changed since."""
