"""KPIs of receivables."""
