"""Kinto, tuned: batches of a hundred, a pool, and orjson where its code has rapidjson."""

import os

import kinto
import orjson
from kinto.core import utils
from kinto.core.storage import postgresql


class _Json:
    @staticmethod
    def dumps(value: object, **_options: object) -> str:
        return orjson.dumps(value).decode()

    @staticmethod
    def loads(text: str | bytes, **_options: object) -> object:
        return orjson.loads(text)


# It has no setting for this. Where it builds the requests of a batch it needs its own, which
# writes ASCII only.
utils.json.loads = _Json.loads
utils.json_serializer = _Json.dumps
postgresql.json = _Json

URL = os.environ["BENCH_DATABASE"]  # noqa: TID251 - the benchmark's own
BACKENDS = {
    f"{part}_{word}": value
    for part in ("storage", "permission")
    for word, value in {
        "backend": f"kinto.core.{part}.postgresql",
        "url": URL,
        "pool_size": "16",
        "max_overflow": "16",
    }.items()
}
SETTINGS = {
    **BACKENDS,
    "cache_backend": "kinto.core.cache.memory",
    "userid_hmac_secret": "bench",
    "bucket_create_principals": "system.Everyone",
    "batch_max_requests": "100",
}
app = kinto.main(
    {},
    **{f"kinto.{name}": value for name, value in SETTINGS.items()},
    **{"multiauth.policies": "basicauth"},
)
