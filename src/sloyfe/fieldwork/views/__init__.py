"""Pages of the fieldwork, by noun."""
