"""Collections: whom to contact today and why, what was promised, what is disputed. Frappe-free.

receipts after a promise -> kept, partly kept or broken -> reliability
disputes -> amounts that are not chased
account facts + promises + disputes + contacts -> points of every rule met -> today's worklist
"""
