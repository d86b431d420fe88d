"""Questions about the programme year, one file per noun."""
