"""Background work of the programme year, one file per noun; importing this makes the worker know them."""

from sloyfe.delivery.jobs import cases as cases
from sloyfe.delivery.jobs import days as days
from sloyfe.delivery.jobs import needs as needs
from sloyfe.delivery.jobs import reports as reports
