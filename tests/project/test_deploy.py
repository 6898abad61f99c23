"""What `deploy/` says in two places is the same in both."""

import re
import shutil
import subprocess
import sys
import tomllib

import pytest
from support.paths import ROOT

from mapcore.cli.main import main

DEPLOY = ROOT / "deploy"


def read(name):
    return (DEPLOY / name).read_text(encoding="utf-8")


def test_replicas_share_the_folder_of_lines_that_the_image_names():
    folder = re.search(r"^ENV MAPCORE_HOME=(\S+)$", (ROOT / "Dockerfile").read_text(encoding="utf-8"), re.MULTILINE)[1]
    compose = read("compose.yaml")
    volume = re.search(rf"^  volumes:\n    - (\w+):{folder}$", compose.split("services:")[0], re.MULTILINE)[1]
    assert re.search(rf"^volumes:\n  {volume}:$", compose, re.MULTILINE)
    assert f"Environment=MAPCORE_HOME={folder}" in read("systemd/mapcore@.service")


def test_nginx_names_each_replica_of_the_compose_file():
    compose = read("compose.yaml")
    replicas = re.findall(r"^  (replica-\d+): \*replica$", compose, re.MULTILINE)
    assert len(replicas) > 1
    assert re.findall(r"server (replica-\d+):8501 ", read("nginx/replicas-compose.conf")) == replicas
    assert re.findall(r"^      (replica-\d+): [&*]", compose, re.MULTILINE) == replicas
    for mounted in re.findall(r"- \./(\S+):/etc/nginx", compose):
        assert (DEPLOY / mounted).is_file()


def test_nginx_takes_the_uploads_that_the_dashboard_takes():
    settings = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    allowed = int(re.search(r"client_max_body_size (\d+)m;", read("nginx/mapcore.conf"))[1])
    assert allowed == settings["server"]["maxUploadSize"] + 1


def test_systemd_takes_the_service(tmp_path):
    """Each machine with systemd has `systemd-analyze`; containers have none."""
    verify = shutil.which("systemd-analyze")
    if not verify:
        pytest.skip("no systemd here")

    def told(text):
        unit = tmp_path / "mapcore@8501.service"
        unit.write_text(text, encoding="utf-8")
        found = subprocess.run([verify, "verify", "--man=no", unit], check=False, capture_output=True, text=True)
        return found.returncode, found.stderr

    # The command of the test's own environment, since nothing is installed in /opt here.
    service = read("systemd/mapcore@.service").replace("/opt/mapcore/bin/mapcore", sys.executable)
    assert told(service) == (0, "")
    assert "Unknown key 'Limits'" in told(service.replace("LimitNOFILE=", "Limits="))[1]


def test_a_service_starts_the_dashboard_with_words_that_the_command_takes(capsys):
    command = re.search(r"^ExecStart=\S+/mapcore dashboard (.*)$", read("systemd/mapcore@.service"), re.MULTILINE)[1]
    with pytest.raises(SystemExit, match="0"):
        main(["dashboard", "--help"])
    told = capsys.readouterr().out
    options = re.findall(r"--\w+", command)
    assert options
    assert [option for option in options if option not in told] == []
