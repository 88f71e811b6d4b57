"""Receipts find their invoices: payments announced, money without an invoice, what is proposed for it, and how that is applied.

announced payments ─┐
unallocated Payment Entries, unmatched Bank Transactions -> client_ledger.core.receipts -> Receipt Proposals
a proposal, applied -> ERPNext's Payment Reconciliation or Payment Entry, and its bank reconciliation
"""
