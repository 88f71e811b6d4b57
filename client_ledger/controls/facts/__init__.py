"""One module per kind of facts, each a few queries over whole sets of documents."""
