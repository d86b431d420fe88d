"""1 December 2026, in words and without a point, as in the Norwegian texts."""

DATE_FORMAT = "j F Y"
YEAR_MONTH_FORMAT = "F Y"
MONTH_DAY_FORMAT = "j F"
DATETIME_FORMAT = "j F Y H:i"
TIME_FORMAT = "H:i"
