"""What a complete response costs: `make bench`, or `python -m bench --quick`."""
