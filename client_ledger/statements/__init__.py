"""One customer's ledger on paper: the statement, its print and PDF, and its workbook."""
