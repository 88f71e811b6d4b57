"""Early warnings on a site: signals raised every night as rows with an owner, what is done about them, what became of them; digests."""
