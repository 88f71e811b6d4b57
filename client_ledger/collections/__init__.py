"""Collections on a site: whom to contact and why, what was promised, what is disputed, what is handed over.

Client Account + promises + disputes + contacts -> facts -> rules -> worklist
a contact -> outcome -> promise | dispute | next follow-up; receipts -> promise kept or broken -> grade, hold, follow-up
"""
