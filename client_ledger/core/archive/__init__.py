"""The archive's rules, without Frappe: how an entry is written, how entries are chained, and how a chain is checked.

figures, files -> content (canonical JSON) -> content hash -> entry hash, which holds the hash of the entry before
"""
