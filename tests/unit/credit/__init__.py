"""Credit: the method proven on invented ledgers whose truth is known, and on its properties."""
