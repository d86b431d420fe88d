"""Pages of yearly reports: all of a year, one report, writing in it, and what the office does with it."""
