"""Two ledgers of one trade, line by line: which lines are the same business, and what differs.

two lists of lines -> numbers and amounts as keys -> passes from sure to unsure -> matches, each with pass and reason
matches + what is left on either side -> differences by kind, each with its next step
their balance + the differences by kind = our balance, always
"""
