"""Receipts find their invoices: for money without an invoice, whose it is and what it pays.

	receipts + open items + remittance advices + known payers -> who pays -> passes from sure to unsure -> a proposal each

Nothing is allocated here: a proposal says which items, by which pass, how sure, and why.
"""
