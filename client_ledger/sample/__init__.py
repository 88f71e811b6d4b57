"""A sample company: documents of two years of trade, made from a seed, without Frappe.

generate(seed, today, customers)  ->  Documents  ->  the preview's SQLite file, or a bench's own documents
"""
