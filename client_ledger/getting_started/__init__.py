"""Getting started: what a new site still lacks before the ledger, the credit check and dunning work, and how to get it.

facts of the site (steps.py)  ->  steps: done or not, what was found, what to do  ->  the page "client-ledger-setup"
"""
