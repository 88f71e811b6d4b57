"""One customer's ledger as the Customer form, its prints and its exports show it.

access (who may see what)  ->  source (what is asked)  ->  view (plain dicts)  ->  form, print, workbook
"""
