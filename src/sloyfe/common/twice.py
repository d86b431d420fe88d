"""What is sent twice by one press too many is taken in once."""

from __future__ import annotations

import datetime as dt

# The very same text from the same person about the same thing within this time is the same sending: a second
# press on the button, or a page that was loaded anew.
SENT_TWICE_WITHIN = dt.timedelta(minutes=10)
