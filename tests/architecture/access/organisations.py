from tests.architecture.rows import SIGNED_IN, Row, only

FACTS = "municipalities are public facts, shown to everybody who has signed in"

ROWS = [
    Row("organisations:list", only(*SIGNED_IN, anonymous=302), open_because=FACTS),
    Row(
        "organisations:list",
        only(*SIGNED_IN, status=405, anonymous=405),
        method="post",
        open_because=FACTS,
    ),
    Row(
        "organisations:detail",
        only(*SIGNED_IN, anonymous=302),
        kwargs=lambda world: {"slug": world.municipalities["X101"].slug},
        open_because=FACTS,
    ),
    Row(
        "organisations:detail",
        only(anonymous=302),
        kwargs=lambda world: {"slug": "test-evaluator"},
    ),
]
