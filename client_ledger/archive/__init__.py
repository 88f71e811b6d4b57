"""The archive: what the company told its customers and was told, kept as it was, and proof that nothing kept was changed.

	keep (in the caller's transaction) -> chain (a job after it, one company at a time) -> verify (every night, by command)

The rules of contents, hashes and checks are in client_ledger.core.archive.
"""
