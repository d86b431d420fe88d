from tests.architecture.rows import Row, everybody

OPEN = "one signs in before one is anybody"

ROWS = [
    Row("accounts:ask", everybody(200), open_because=OPEN),
    Row("accounts:ask", everybody(422), method="post", data={"email": ""}, open_because=OPEN),
    Row("accounts:asked", everybody(200), open_because=OPEN),
    Row(
        "accounts:open_link",
        everybody(410),
        kwargs=lambda world: {"token": "nobody-made-this"},
        open_because=OPEN,
    ),
    Row("accounts:sign_out", everybody(302), method="post", open_because=OPEN),
    Row("accounts:sign_out", everybody(405), open_because=OPEN),
    Row(
        "accounts:language",
        everybody(302),
        method="post",
        data={"language": "nn", "next": "/"},
        open_because="visitors choose a language too",
    ),
]
