"""KPIs on a site: month ends read from the ledger at night and kept with their rows, held against the ledger afterwards, and the page
that shows them: each figure with its formula, its rows, and what changed it.
"""
