"""The ledger file: an SQLite file whose tables carry ERPNext's names, and the booking of documents into it."""
