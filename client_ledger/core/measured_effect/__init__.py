"""What a step is worth: measured where chance decides who gets it at another time or by another channel."""
