"""What we do when ERPNext's documents change: one module per DocType (selling.py for three), one function per event."""
