"""Pure rules of the programme year, one file per noun."""
