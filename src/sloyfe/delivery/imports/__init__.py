"""Files that are read into the programme year, one file per noun."""
