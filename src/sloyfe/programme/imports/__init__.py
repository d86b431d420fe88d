"""What comes into a programme from files, by noun."""

from sloyfe.programme.imports.year import LoadedYear, load_mandate

__all__ = ["LoadedYear", "load_mandate"]
