"""Words for what may be wrong with a file that somebody sends, whatever subject it is for."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

# By the codes of `sloyfe.common.tables`, which knows no language but English.
TABLE_PROBLEMS = {
    "table.too_large": _("The file is too large. Split it."),
    "table.empty": _("The file is empty."),
    "table.old_excel": _(
        "The file is in an old Excel format, or is protected by a password. Save it as .xlsx or CSV."
    ),
    "table.not_xlsx": _(
        "The file cannot be read as a spreadsheet. Open it, save it anew as .xlsx or CSV, and try again."
    ),
    "table.protected": _("The file is protected by a password. Take the password away."),
    "table.bomb": _("The file unpacks to far more than a table of this kind holds."),
    "table.encoding": _("The file is not UTF-8. In Excel: save as “CSV UTF-8 (comma delimited)”."),
    "table.nul": _("Here is a character that cannot be stored. Write the text anew."),
    "table.formula": _("The cell holds a formula. Write the value itself."),
    "table.cell_too_long": _("The cell holds too much text."),
    "table.broken": _("The row cannot be read. A quotation mark may be missing."),
    "table.too_many_rows": _("The file has too many rows."),
    "table.too_many_columns": _("The row has too many cells."),
    "table.column_missing": _("The column is missing."),
    "table.column_twice": _("The column stands more than once. Keep one of them."),
    "table.no_rows": _("The file has no rows below the heads."),
}
