"""The rules of a customer ledger, free of any host: dataclasses in, dataclasses out, today passed in."""
