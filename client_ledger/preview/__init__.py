"""The preview: the customer ledger without a bench, on one SQLite file whose tables carry ERPNext's names.

sample or files  ->  documents  ->  posting  ->  store (SQLite)  ->  Ledger  ->  figures  ->  HTML page, workbook
"""
