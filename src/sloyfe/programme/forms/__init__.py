"""Shape of what comes in by form, by noun; the rules stand in rules and actions."""
