"""Pages of the instruments, by noun."""
