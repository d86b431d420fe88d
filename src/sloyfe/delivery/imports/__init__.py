"""Files into the programme year."""
