"""From a report's plan and the tables that may be shown to the blocks that are rendered."""
