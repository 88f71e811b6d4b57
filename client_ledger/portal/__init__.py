"""The customer's own page: what it owes, what happened, its papers, and what it may tell us, for portal users and signed links.

access.py (whose ledger, which company, may it act) -> overview, movements, papers -> page
                                                    -> requests, paying: disputes, promises, announced payments, references

A visitor has no permission on any DocType: each function asks access.py first, and what it then reads is that customer's alone.
"""
