"""How fast Client Ledger is, measured beside ERPNext's own reports on a large site."""
