"""The verbs of the programme year, one file per noun."""
