"""What the reports, number cards and charts share: filters in, what the user may see, columns and figures out."""
