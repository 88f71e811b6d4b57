"""How a notice leaves the site: one module per way, each handing over to what the host has for it."""
