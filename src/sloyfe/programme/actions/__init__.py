"""What can be done with programmes."""

from sloyfe.programme.actions.demo import add_demo_people
from sloyfe.programme.actions.loading import Loaded, demo_codes, load_programme
from sloyfe.programme.actions.members import Imported, import_members
from sloyfe.programme.actions.people import Registered, register_person

__all__ = [
    "Imported",
    "Loaded",
    "Registered",
    "add_demo_people",
    "demo_codes",
    "import_members",
    "load_programme",
    "register_person",
]
