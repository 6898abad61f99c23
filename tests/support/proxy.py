"""Debian's nginx with the settings of `deploy/`, on ports of this machine's own."""

from __future__ import annotations

import getpass
import os
import shutil
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from support.paths import ROOT
from support.server import free_port

_NGINX = ROOT / "deploy" / "nginx"
_MAIN = """\
{user}
daemon off;
pid {folder}/pid;
error_log {folder}/log;
worker_processes 1;
events {{ worker_connections 512; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/replicas.conf;
    include {folder}/mapcore.conf;
}}
"""


def nginx_path() -> str:
    """Where nginx is; without one the test is skipped, but fails under CI."""
    found = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if found:
        return found
    reason = "no nginx: install Debian's nginx"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


@contextmanager
def running_proxy(nginx: str, folder: Path, replicas: Sequence[str]) -> Iterator[str]:
    """Run nginx before replicas; give its address. Only ports, folders and replicas are not those of `deploy/`."""
    port = free_port()
    site = (_NGINX / "mapcore.conf").read_text(encoding="utf-8")
    site = _changed(site, "listen 80;", f"listen 127.0.0.1:{port};")
    site = _changed(site, "/var/cache/mapcore", f"{folder}/cache")
    names = (_NGINX / "replicas.conf").read_text(encoding="utf-8")
    for number, replica in enumerate(replicas, start=8501):
        names = _changed(names, f"127.0.0.1:{number}", replica.removeprefix("http://"))
    user = f"user {getpass.getuser()};" if os.geteuid() == 0 else ""
    (folder / "mapcore.conf").write_text(site, encoding="utf-8")
    (folder / "replicas.conf").write_text(names, encoding="utf-8")
    (folder / "nginx.conf").write_text(_MAIN.format(user=user, folder=folder), encoding="utf-8")
    command = [nginx, "-p", str(folder), "-e", str(folder / "log"), "-c", str(folder / "nginx.conf")]
    with subprocess.Popen(command, stdin=subprocess.DEVNULL) as proxy:
        try:
            ends = time.monotonic() + 10
            while not (folder / "pid").exists():
                log = folder / "log"
                if proxy.poll() is not None or time.monotonic() > ends:
                    pytest.fail(f"nginx did not start: {log.read_text() if log.exists() else ''}")
                time.sleep(0.05)
            yield f"http://127.0.0.1:{port}"
        finally:
            proxy.terminate()


def _changed(text: str, old: str, new: str) -> str:
    assert old in text, f"deploy/nginx has no {old!r} any more"
    return text.replace(old, new)
