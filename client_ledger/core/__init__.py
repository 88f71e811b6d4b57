"""The rules of a customer ledger, without Frappe: dataclasses in, dataclasses out, today passed in."""
