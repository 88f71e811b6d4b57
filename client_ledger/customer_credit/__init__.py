"""The Credit tab of a customer: what it shows, as plain dicts.

grade in force + stored assessment, exposure + limit in force, requests, holds, references  ->  view  ->  credit_api  ->  tab
"""
