"""Statements by schedule: each customer due gets one per period, and a row says what became of it.

Statement Schedule  ->  periods that have ended (schedules)  ->  Statement Run  ->  who is due (planning)
who is due  ->  Customer Statement and Ledger Notice, under unique keys, in one transaction (planning)
the outbox  ->  figures as of the closing day, kept as they are sent (statement_notices)  ->  what became of it (statement_rows)
"""
