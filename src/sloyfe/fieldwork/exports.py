"""Files that leave the fieldwork."""

from __future__ import annotations

import csv
import io

from sloyfe.fieldwork.models import FrameUnit, Population


def frame_csv(population: Population) -> str:
    """Give the frame as CSV: number, name and region of everybody who could be drawn.

    ``sloyfe draw FILE --id-column kommunenummer --stratum-column region`` draws the same sample from it.
    """
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\n")
    writer.writerow(["kommunenummer", "navn", "region"])
    rows = FrameUnit.objects.filter(population=population).select_related("organisation")
    for unit in rows.order_by("code"):
        writer.writerow([unit.code, unit.organisation.name, unit.stratum])
    return out.getvalue()
