"""Two nights of an ERP and a PIM, on this machine: what `make demo` shows."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import requests

from erp2pim.sandbox import CLIENT_ID, PASSWORD, SECRET, USERNAME, serve

EXAMPLES = Path(__file__).parent
STATE = EXAMPLES.parent / ".demo"


def main() -> None:
    """Start the sandbox, run two nights against it, and read one product back."""
    shutil.rmtree(STATE, ignore_errors=True)
    with serve() as pim:
        environment = {
            **os.environ,
            "ERP2PIM_CONFIG": str(EXAMPLES / "erp2pim.yaml"),
            "ERP2PIM_PIM_URL": pim.url,
            "ERP2PIM_CLIENT_ID": CLIENT_ID,
            "ERP2PIM_SECRET": SECRET,
            "ERP2PIM_USERNAME": USERNAME,
            "ERP2PIM_PASSWORD": PASSWORD,
        }
        print(f"A PIM look-alike serves its demo catalogue at {pim.url}.\n")
        print("First night. What would be sent? Here is the first product of it:\n")
        erp2pim(environment, "diff", "night-1.xml", lines=20)
        print("The night itself. Two records are refused, one by the mapping, one by the PIM:\n")
        erp2pim(environment, "sync", "night-1.xml")
        print("Once more the same export: only what the PIM refused is tried again.\n")
        erp2pim(environment, "sync", "night-1.xml")
        print("Second night: a price and a date have changed, one item is mended, one is new.\n")
        erp2pim(environment, "diff", "night-2.xml")
        erp2pim(environment, "sync", "night-2.xml")
        print("One product as the PIM holds it now:\n")
        for code, cells in sorted(values(pim.url, "DR-100").items()):
            print(f"{code}: {json.dumps(cells, ensure_ascii=False)}")


def erp2pim(environment: Mapping[str, str], command: str, export: str, *, lines: int = 0) -> None:
    """Show a command and what it prints, as many lines of it as asked for."""
    print(f"$ erp2pim {command} examples/{export}", flush=True)
    done = subprocess.run(  # noqa: S603  our own command
        [sys.executable, "-m", "erp2pim", command, str(EXAMPLES / export)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    shown = done.stdout.replace(f"{EXAMPLES}{os.sep}", "").splitlines()
    print("\n".join([*shown[:lines], "…"] if lines else shown))
    print(done.stderr, end="")
    print(f"exit code {done.returncode}\n", flush=True)


def values(url: str, identifier: str) -> Mapping[str, object]:
    """Read a product's values back through the PIM's API."""
    token = requests.post(
        f"{url}/api/oauth/v1/token",
        json={"grant_type": "password", "username": USERNAME, "password": PASSWORD},
        auth=(CLIENT_ID, SECRET),
        timeout=10,
    ).json()["access_token"]
    product: Mapping[str, Mapping[str, object]] = requests.get(
        f"{url}/api/rest/v1/products/{identifier}",
        headers={"Authorization": f"Bearer {token}"},
        timeout=10,
    ).json()
    return product["values"]


if __name__ == "__main__":
    main()
