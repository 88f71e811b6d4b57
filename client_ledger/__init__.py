"""Client Ledger: the whole customer ledger, where sales people already work."""

__version__ = "0.1.0"
