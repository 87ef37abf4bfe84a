"""A database's address is taken as people write it."""

from __future__ import annotations

import pytest

from nyefamilier.kernel.errors import Unavailable
from nyefamilier.storage.engine import database_url


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_an_address_of_libpq_or_sqlalchemy_is_welcome(scheme: str):
    url = database_url(f"{scheme}://nurse:p%40ss@db.example:6432/city?sslmode=require")
    assert url.drivername == "postgresql+psycopg"
    assert (url.password, url.port, url.query["sslmode"]) == ("p@ss", 6432, "require")


@pytest.mark.parametrize("address", ["sqlite:///x.db", "localhost", "", "mysql://a/b"])
def test_another_database_is_refused_without_repeating_the_address(address: str):
    with pytest.raises(Unavailable) as refused:
        database_url(address)
    assert refused.value.code == "database-url"
    assert not address or address not in refused.value.detail
