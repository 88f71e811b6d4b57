"""KPIs of receivables that prove themselves: formula, inputs, rows, what changed since last month and why."""
