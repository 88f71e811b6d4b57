"""Procedures at the point of work: versions, where they are shown, who has read and understood them."""
