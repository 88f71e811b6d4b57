"""What a payment of a customer carries: a reference that finds its invoices, and the text of a payment QR code."""
