"""`ohrid app`: the planner's page on this machine, with safe settings whatever folder it is started from."""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

SAFE: dict[str, str] = {  # the same settings stand in .streamlit/config.toml; a test compares the two
    "server.address": "localhost",
    "server.allowedHosts": "localhost,127.0.0.1",
    "server.enableCORS": "true",
    "server.enableXsrfProtection": "true",
    "server.xsrfCookieSameSite": "strict",
    "server.maxUploadSize": "10",
    "server.enableStaticServing": "false",
    "server.headless": "true",
    "server.fileWatcherType": "none",
    "browser.gatherUsageStats": "false",
    "client.showErrorDetails": "none",
    "client.showErrorLinks": "false",
    "client.toolbarMode": "minimal",
}


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Register `ohrid app`."""
    text = "open the planner's page in a browser, on this machine only"
    made = subparsers.add_parser("app", help=text, description=text)
    made.add_argument("--port", type=int, default=8501, metavar="N")
    made.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Serve until Ctrl-C."""
    print(f"Ohrid: http://localhost:{args.port} (Ctrl-C ends it)", flush=True)
    try:
        return subprocess.call(call(args.port))
    except KeyboardInterrupt:
        return 0


def call(port: int) -> list[str]:
    """The command line of the server."""
    script = Path(__file__).with_name("main.py")
    flags = [f"--{key}={value}" for key, value in SAFE.items()]
    return [sys.executable, "-m", "streamlit", "run", str(script), f"--server.port={port}", *flags]
