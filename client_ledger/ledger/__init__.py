"""Reading the ledger: one set of SQL texts, the same for every database, and a reader that returns core facts.

database (frappe.db or an SQLite file)  ->  queries  ->  Ledger  ->  client_ledger.core dataclasses
"""
