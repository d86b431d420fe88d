"""Who may do what in the programme year, one file per noun.

`check_may_x` raises the reason; the reason is also what a button says when it may not be pressed.
"""
