"""How a notice leaves the site: one module per channel, each handing over to what Frappe has for it."""
