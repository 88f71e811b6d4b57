"""What we do when ERPNext's documents change: one module per DocType, one function per event."""
