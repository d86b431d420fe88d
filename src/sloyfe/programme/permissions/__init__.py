"""Who may do what with a programme's mandate, capacity and year wheel, by noun."""

from sloyfe.programme.permissions.mandates import (
    check_may_begin_mandate,
    check_may_change_mandate,
    check_may_issue,
    check_may_see_capacity,
    check_may_set_capacity,
    check_may_write_mandates,
)
from sloyfe.programme.permissions.year_wheel import (
    check_may_add_dates,
    check_may_cancel_date,
    check_may_change_date,
    check_may_put_date,
)

__all__ = [
    "check_may_add_dates",
    "check_may_begin_mandate",
    "check_may_cancel_date",
    "check_may_change_date",
    "check_may_change_mandate",
    "check_may_issue",
    "check_may_put_date",
    "check_may_see_capacity",
    "check_may_set_capacity",
    "check_may_write_mandates",
]
