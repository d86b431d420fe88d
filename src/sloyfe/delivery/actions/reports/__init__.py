"""What is done with yearly reports, by verb: years, filling in and sending, what the office does, deadlines."""

from sloyfe.delivery.actions.reports.deadlines import (
    excuse_report,
    extend_report,
    follow_changes,
    remind_due,
)
from sloyfe.delivery.actions.reports.filling import (
    Incomplete,
    hand_over,
    save_answers,
    send_report,
    take_back,
)
from sloyfe.delivery.actions.reports.treating import (
    answer_report,
    ask_about_report,
    close_report,
    discuss_report,
    receive_report,
    reply_about_report,
    withdraw_question,
)
from sloyfe.delivery.actions.reports.years import (
    change_year,
    close_year,
    expect_report,
    open_year,
    plan_year,
)

__all__ = [
    "Incomplete",
    "answer_report",
    "ask_about_report",
    "change_year",
    "close_report",
    "close_year",
    "discuss_report",
    "excuse_report",
    "expect_report",
    "extend_report",
    "follow_changes",
    "hand_over",
    "open_year",
    "plan_year",
    "receive_report",
    "remind_due",
    "reply_about_report",
    "save_answers",
    "send_report",
    "take_back",
    "withdraw_question",
]
