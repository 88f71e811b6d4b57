"""Grading on the site: how customers pay, as points, a grade, and the policy that follows.

settled and open invoices -> trade lines -> inputs -> scorecard (core) -> Credit Assessment, where something changed
assessment, override, reference -> the grade in force -> Client Account, rules, limits
grades of each month's end -> Credit Snapshot -> held against what came, 90 days later
"""
