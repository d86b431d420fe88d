"""What can be done with programmes."""

from sloyfe.programme.actions.loading import Loaded, load_programme
from sloyfe.programme.actions.members import Imported, import_members

__all__ = ["Imported", "Loaded", "import_members", "load_programme"]
