"""The rules of balance confirmations: forms of reply, which of several replies counts, when who is reminded, what is confirmed."""
