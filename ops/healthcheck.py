"""Asks this container's own web process whether it lives, as a visitor of the first allowed host would."""

import os
import sys
import urllib.request
from pathlib import Path


def allowed_host() -> str:
    """The first of ALLOWED_HOSTS (or of the file that ALLOWED_HOSTS_FILE names)."""
    hosts = os.environ.get("ALLOWED_HOSTS") or Path(os.environ["ALLOWED_HOSTS_FILE"]).read_text()
    return hosts.split(",")[0].strip()


def main() -> int:
    request = urllib.request.Request(
        f"http://127.0.0.1:{os.environ.get('PORT', '8000')}/healthz",
        headers={"Host": allowed_host(), "X-Forwarded-Proto": "https"},
    )
    try:
        with urllib.request.urlopen(request, timeout=4) as response:  # noqa: S310 - the address is written above
            return 0 if response.status == 200 else 1
    except OSError:
        return 1


if __name__ == "__main__":
    sys.exit(main())
