"""Import of invoices and payments from CSV and XLSX files, all or nothing.

file  ->  reading (rows)  ->  layout (which column is what)  ->  staging (checked rows in a temporary SQLite file)
      ->  checking (what rows say of each other)  ->  load (booked in one transaction)

Memory does not grow with the files: rows stream into the staging file and out of it.
"""
