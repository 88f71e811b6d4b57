"""One customer's ledger as the Customer form, its prints and its exports show it.

site.access (who may see what)  ->  site.request (what is asked)  ->  view (plain dicts)  ->  form, print, workbook
"""
