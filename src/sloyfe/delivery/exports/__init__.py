"""Files out of the programme year: case documents and the archive."""
