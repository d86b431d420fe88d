"""Sløyfe runs a public programme towards municipalities and follow-evaluates it while it runs."""
