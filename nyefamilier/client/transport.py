"""How a request reaches the server: over HTTP, or through whatever a test puts in its place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Protocol

import httpx

TIMEOUT_SECONDS: Final = 30.0


class Unreachable(Exception):  # noqa: N818 - an answer, not a defect
    """Nothing came back that is the server's: no network, a cut-off body, a hotel's sign-in page.

    Args:
        why: A code, for the report.
        after: Seconds to wait, where somebody on the way said so.
    """

    def __init__(self, why: str, after: float | None = None) -> None:
        super().__init__(why)
        self.why = why
        self.after = after


@dataclass(frozen=True, slots=True, repr=False)
class Asked:
    """A request, ready to travel."""

    method: str
    path: str
    body: bytes
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True, repr=False)
class Got:
    """What came back, as it travelled. The headers' names are in small letters."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


class Transport(Protocol):
    """Carries one request and its answer."""

    def send(self, asked: Asked) -> Got:
        """The answer to *asked*.

        Raises:
            Unreachable: there is none.
        """


class HttpTransport:
    """HTTP by httpx; its own transport may be an app in the same process."""

    def __init__(self, base_url: str, *, transport: httpx.BaseTransport | None = None) -> None:
        """Speak with the server at *base_url*, by *transport* where one is given."""
        self._client = httpx.Client(
            base_url=base_url, transport=transport, timeout=TIMEOUT_SECONDS, trust_env=True
        )

    def __repr__(self) -> str:
        return f"<HttpTransport {self._client.base_url}>"

    def send(self, asked: Asked) -> Got:
        """The answer to *asked*. A redirect is not followed: it is not the server's.

        Raises:
            Unreachable: there is none.
        """
        request = self._client.build_request(
            asked.method, asked.path, content=asked.body, headers=dict(asked.headers)
        )
        try:
            response = self._client.send(request, stream=True)
            try:
                # As it travelled: the digest is of these bytes, before they are unpacked.
                body = b"".join(response.iter_raw())
            finally:
                response.close()
        except httpx.HTTPError as error:
            raise Unreachable(_why(error)) from error
        headers = {name.lower(): value for name, value in response.headers.items()}
        return Got(response.status_code, body, headers)

    def close(self) -> None:
        """Let the connections go."""
        self._client.close()


def _why(error: httpx.HTTPError) -> str:
    return "timeout" if isinstance(error, httpx.TimeoutException) else "no-connection"
