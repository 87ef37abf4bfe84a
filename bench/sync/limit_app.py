"""The limit: Flask and psycopg, a table, and a counter that makes a feed of it. Nothing else.

It knows no nurse, asks for no access, seals nothing, remembers no answer, and takes what it is
sent. What it costs is what this machine asks for HTTP, JSON and a durable commit.
"""

from __future__ import annotations

import os
import threading

import msgspec
import psycopg
from flask import Flask, Response, request

app = Flask(__name__)
_here = threading.local()
_RECORDS = msgspec.json.Decoder(list[msgspec.Raw])

TABLES = """
    CREATE TABLE caseload (id int PRIMARY KEY, seq bigint NOT NULL);
    CREATE TABLE record (caseload int, seq bigint, body text, PRIMARY KEY (caseload, seq));
"""
_OPEN = "INSERT INTO caseload VALUES (%s, 0) ON CONFLICT DO NOTHING"
_STEP = "UPDATE caseload SET seq = seq + %s WHERE id = %s RETURNING seq"
_READ = "SELECT seq, body FROM record WHERE caseload = %s AND seq > %s ORDER BY seq"


@app.get("/")
def ready() -> str:
    """Say that it is there."""
    _database().execute("SELECT 1")
    return "ready"


@app.post("/<int:caseload>")
def push(caseload: int) -> Response:
    """Take records in."""
    records = _RECORDS.decode(request.get_data(cache=False))
    database = _database()
    with database.transaction(), database.cursor() as cursor:
        cursor.execute(_OPEN, [caseload])
        [last] = cursor.execute(_STEP, [len(records), caseload]).fetchone() or [0]
        with cursor.copy("COPY record FROM STDIN") as copy:
            for seq, record in enumerate(records, last - len(records) + 1):
                copy.write_row((caseload, seq, bytes(record).decode()))
    return _json(b'{"last":%d}' % last)


@app.get("/<int:caseload>")
def pull(caseload: int) -> Response:
    """Give what is newer than ``since``."""
    since = int(request.args["since"])
    rows = _database().execute(_READ, [caseload, since]).fetchall()
    last = rows[-1][0] if rows else since
    records = ",".join([body for _, body in rows])
    return _json(f'{{"last":{last},"records":[{records}]}}'.encode())


def _json(body: bytes) -> Response:
    return Response(body, content_type="application/json")


def _database() -> psycopg.Connection:
    """This thread's connection."""
    if not hasattr(_here, "database"):
        url = os.environ["BENCH_DATABASE"]  # noqa: TID251 - the benchmark's own
        _here.database = psycopg.connect(url, autocommit=True)
    found: psycopg.Connection = _here.database
    return found
