"""`ohrid app`: the planner's page on this machine, with safe settings whatever folder it is started from."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path

SAFE: dict[str, str | tuple[str, ...]] = {  # the same settings stand in .streamlit/config.toml; a test compares the two
    "server.address": "localhost",
    "server.allowedHosts": ("localhost", "127.0.0.1"),
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
    "runner.postScriptGC": "false",  # after every look of the page it took 0.3 s; Python collects when there is something
    "theme.headingFontSizes": ("1.75rem", "1.375rem", "1.125rem", "1rem", "0.875rem", "0.75rem"),
    "theme.light.primaryColor": "#005a8c",
    "theme.light.textColor": "#0a0a0a",
    "theme.light.linkColor": "#005a8c",
    "theme.dark.primaryColor": "#56B4E9",
    "theme.dark.linkColor": "#8fcdf2",
}


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Register `ohrid app`."""
    text = "open the planner's page in a browser, on this machine only"
    made = subparsers.add_parser("app", help=text, description=text)
    made.add_argument("--port", type=int, default=8501, metavar="N")
    made.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Serve until Ctrl-C; where it can be done, this process becomes the server, so that ending it ends all."""
    print(f"Ohrid: http://localhost:{args.port} (Ctrl-C ends it)", flush=True)
    if os.name == "posix":
        os.execv(sys.executable, call(args.port))
    return subprocess.call(call(args.port))


def call(port: int) -> list[str]:
    """The command line of the server."""
    script = Path(__file__).with_name("main.py")
    flags = [flag for key, value in SAFE.items() for flag in _flags(key, value)]
    return [sys.executable, "-m", "streamlit", "run", str(script), f"--server.port={port}", *flags]


def _flags(key: str, value: str | tuple[str, ...]) -> list[str]:
    """Streamlit takes lists of hosts as repeated flags, and lists of sizes as JSON."""
    if isinstance(value, tuple):
        return [f"--{key}={json.dumps(value)}"] if key.startswith("theme") else [f"--{key}={v}" for v in value]
    return [f"--{key}={value}"]
