"""`python -m crawler.demo`: the demo site, to look at in a browser."""

from __future__ import annotations

import argparse
import sys
import threading
from contextlib import suppress

from crawler.demo.posts import STAGES
from crawler.demo.site import serve


def main() -> None:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(prog="python -m crawler.demo", description=__doc__)
    parser.add_argument("--stage", type=int, choices=STAGES, default=1, help="2: a day later")
    parser.add_argument("--port", type=int, default=8080, help="on 127.0.0.1; 0 takes a free one")
    wanted = parser.parse_args()
    try:
        with serve(wanted.stage, wanted.port, local_links=True) as site:
            sys.stdout.write(f"Open {site.local_url}/ in a browser; Ctrl-C stops.\n")
            sys.stdout.flush()
            with suppress(KeyboardInterrupt):
                threading.Event().wait()
    except OSError as error:
        parser.error(f"port {wanted.port}: {error.strerror}")


if __name__ == "__main__":
    main()
