"""What `deploy/` says in two places is the same in both."""

import re
import tomllib

import pytest
from support.paths import ROOT

from mapcore.cli.main import main

DEPLOY = ROOT / "deploy"


def read(name):
    return (DEPLOY / name).read_text(encoding="utf-8")


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


def test_a_service_starts_the_dashboard_with_words_that_the_command_takes(capsys):
    command = re.search(r"^ExecStart=\S+/mapcore dashboard (.*)$", read("systemd/mapcore@.service"), re.MULTILINE)[1]
    with pytest.raises(SystemExit, match="0"):
        main(["dashboard", "--help"])
    told = capsys.readouterr().out
    options = re.findall(r"--\w+", command)
    assert options
    assert [option for option in options if option not in told] == []
