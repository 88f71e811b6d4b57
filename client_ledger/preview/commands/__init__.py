"""The commands beside import, report and demo, with the options and the console they share."""
