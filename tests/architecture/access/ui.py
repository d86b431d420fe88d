from tests.architecture.rows import ANONYMOUS, Row, everybody

ROWS = [
    Row(
        "ui:gallery",
        everybody(200) | {ANONYMOUS: 404},
        open_because="it shows samples only",
    ),
]
