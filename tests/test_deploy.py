"""What deploy/ says is true of the program: commands, ports, times, queries, names. Checked without a cluster."""

from __future__ import annotations

import re
import shutil
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
import yaml

from tasks.commands.work import _arguments
from tasks.flow import STEPS
from tasks.health import Health
from tasks.plan import Plan
from tasks.runner import Runner
from tasks.settings import Settings
from tasks.work_settings import WorkSettings
from workitems.store import Store

ROOT = Path(__file__).resolve().parent.parent
DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))


def objects() -> dict[tuple[str, str], dict[str, Any]]:
    """Everything that kustomization.yaml brings, by kind and name."""
    folder = DEPLOY / "kubernetes"
    found = {}
    for name in yaml.safe_load((folder / "kustomization.yaml").read_text())["resources"]:
        for each in yaml.safe_load_all((folder / name).read_text()):
            found[each["kind"], each["metadata"]["name"]] = each
    return found


OBJECTS = objects()
DEPLOYMENTS = [each for (kind, _), each in OBJECTS.items() if kind == "Deployment"]
SCALED = [each for (kind, _), each in OBJECTS.items() if kind == "ScaledObject"]
SECRET = yaml.safe_load((DEPLOY / "kubernetes" / "secret.example.yaml").read_text())
SETTINGS = tomllib.loads((DEPLOY / "kubernetes" / "settings.toml").read_text())


def pod(deployment: dict[str, Any]) -> dict[str, Any]:
    spec: dict[str, Any] = deployment["spec"]["template"]["spec"]
    return spec


def runner(deployment: dict[str, Any]) -> dict[str, Any]:
    (container,) = pod(deployment)["containers"]
    assert isinstance(container, dict)
    return container


def test_the_pods_run_the_program_with_arguments_that_it_takes() -> None:
    worked: list[str] = []
    for deployment in DEPLOYMENTS:
        command, *arguments = runner(deployment)["args"]
        assert command == "work"
        args = _arguments(arguments)
        assert args.listen == ("0.0.0.0", 9464)  # noqa: S104 - inside a pod
        worked += args.steps
    assert len(worked) == len(set(worked))
    assert set(worked) == set(STEPS)


def test_the_pods_settings_are_valid_and_their_times_fit() -> None:
    settings = Settings.model_validate(SETTINGS)
    for deployment in DEPLOYMENTS:
        assert pod(deployment)["terminationGracePeriodSeconds"] > settings.work.stop_seconds + 10


def test_the_probes_ask_what_the_program_answers(tmp_path: Path) -> None:
    store = Store.open(tmp_path)
    health = Health(Runner(tmp_path, store, [], once=False), store)
    for deployment in DEPLOYMENTS:
        container = runner(deployment)
        (port,) = container["ports"]
        for probe in ("startupProbe", "livenessProbe", "readinessProbe"):
            asked = container[probe]["httpGet"]
            assert asked["port"] == port["name"]
            assert health.answer(asked["path"]).status == 200
        assert deployment["spec"]["template"]["metadata"]["annotations"]["prometheus.io/port"] == "9464"
    store.close()


def test_what_a_pod_names_is_there() -> None:
    for deployment in DEPLOYMENTS:
        container, volumes = runner(deployment), {v["name"]: v for v in pod(deployment)["volumes"]}
        assert {m["name"] for m in container["volumeMounts"]} == set(volumes)
        for variable in container["env"]:
            reference = variable.get("valueFrom", {}).get("secretKeyRef")
            assert reference is None or (reference["name"], reference["key"] in SECRET["stringData"]) == (
                "deskhand",
                True,
            )
        mounts = {m["mountPath"] for m in container["volumeMounts"]}
        paths = {v["name"]: v["value"] for v in container["env"] if v.get("value", "").startswith("/")}
        assert {str(Path(path).parent) for path in paths.values()} <= mounts
        claim = volumes["home"].get("persistentVolumeClaim")
        assert claim is None or ("PersistentVolumeClaim", claim["claimName"]) in OBJECTS
        labels = deployment["spec"]["template"]["metadata"]["labels"]
        assert deployment["spec"]["selector"]["matchLabels"] == labels


def test_the_pods_may_do_little() -> None:
    for deployment in DEPLOYMENTS:
        security = runner(deployment)["securityContext"]
        assert pod(deployment)["securityContext"]["runAsNonRoot"] is True
        assert security["readOnlyRootFilesystem"] is True
        assert security["allowPrivilegeEscalation"] is False
        assert security["capabilities"] == {"drop": ["ALL"]}
        assert pod(deployment)["automountServiceAccountToken"] is False


def test_scaling_and_disruption_name_deployments_and_queues_that_are_there() -> None:
    for scaled in SCALED:
        assert ("Deployment", scaled["spec"]["scaleTargetRef"]["name"]) in OBJECTS
        (trigger,) = scaled["spec"]["triggers"]
        assert ("TriggerAuthentication", trigger["authenticationRef"]["name"]) in OBJECTS
        queues = set(re.findall(r"'(\w+)'", trigger["metadata"]["query"])) - {"ready", "taken"}
        target = OBJECTS["Deployment", scaled["spec"]["scaleTargetRef"]["name"]]
        assert queues == {STEPS[step].takes for step in _arguments(runner(target)["args"][1:]).steps}
    authentication = OBJECTS["TriggerAuthentication", "deskhand-queue"]["spec"]["secretTargetRef"]
    assert all(each["key"] in SECRET["stringData"] for each in authentication)
    for (kind, _), each in OBJECTS.items():
        if kind == "PodDisruptionBudget":
            wanted = each["spec"]["selector"]["matchLabels"]
            assert any(d["spec"]["selector"]["matchLabels"] == wanted for d in DEPLOYMENTS)


GRANT = re.compile(r"^ *(CREATE ROLE|GRANT) .*;$", re.MULTILINE)


@pytest.fixture
def counted(postgres_url: str, tmp_path: Path) -> Iterator[psycopg.Connection[Any]]:
    """A queue on PostgreSQL, as a user sees it who has the rights that docs/operations.md gives the scaler."""
    store = Store.open(tmp_path, postgres_url)
    for _ in range(3):
        store.put("document", {})
    work = store.reservations("w")
    hold = work.reserve("document", 60)
    assert hold is not None
    store.put("document", {}, not_before=store_time(store, 3600))
    store.close()
    grants = [m.group() for m in GRANT.finditer((ROOT / "docs" / "operations.md").read_text()) if "scaler" in m.group()]
    assert len(grants) == 3
    name = f"scaler_{tmp_path.name}"[:60].lower()
    with psycopg.connect(postgres_url, autocommit=True) as admin:
        schema = admin.execute("SELECT current_schema()").fetchone()
        for statement in grants:
            admin.execute(statement.replace("deskhand_scaler", f'"{name}"').encode())
        assert schema is not None
        admin.execute(f'GRANT USAGE ON SCHEMA "{schema[0]}" TO "{name}"'.encode())
        admin.execute(f'SET ROLE "{name}"'.encode())
        yield admin
        admin.execute("RESET ROLE")
        admin.execute(f'DROP OWNED BY "{name}"; DROP ROLE "{name}"'.encode())


def store_time(store: Store, later: float) -> Any:
    from workitems.rows import at

    return at(store.database.clock() + later)


def test_the_scalers_query_counts_what_waits_and_is_worked_on(counted: psycopg.Connection[Any]) -> None:
    by_name = {each["metadata"]["name"]: each["spec"]["triggers"][0]["metadata"]["query"] for each in SCALED}
    documents = counted.execute(by_name["deskhand-read-documents"].encode()).fetchall()
    assert [int(row[0]) for row in documents] == [3]
    assert [int(row[0]) for row in counted.execute(by_name["deskhand-post-invoices"].encode()).fetchall()] == [0]
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        counted.execute("SELECT payload FROM items")


def test_the_alerts_ask_for_metrics_that_the_program_tells(tmp_path: Path) -> None:
    store = Store.open(tmp_path)
    told = Health(Runner(tmp_path, store, [], once=False), store).answer("/metrics").body.decode()
    store.close()
    known = {line.split()[2] for line in told.splitlines() if line.startswith("# TYPE")}
    rules = yaml.safe_load((DEPLOY / "prometheus" / "alerts.yaml").read_text())["groups"][0]["rules"]
    asked = {name for rule in rules for name in re.findall(r"deskhand_\w+", rule["expr"])}
    assert asked <= known
    assert asked
    in_docs = set(re.findall(r"`(deskhand_\w+)", (ROOT / "docs" / "operations.md").read_text()))
    assert in_docs == known


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: str(unit.name))
def test_the_units_stop_later_than_the_workers(unit: Path) -> None:
    text = unit.read_text()
    values = dict(re.findall(r"^(\w+)=(.*)$", text, re.MULTILINE))
    assert int(values["TimeoutStopSec"]) > WorkSettings().stop_seconds + 10
    command = values["ExecStart"].split()
    assert command[:3] == ["/usr/bin/python3", "/opt/deskhand/run.py", "work"]
    _arguments([a.replace("%i", "read_documents") for a in command[3:]])
    for line in ("NoNewPrivileges=yes", "ProtectSystem=strict", "User=deskhand", "Restart=always", "KillMode=mixed"):
        assert line in text.splitlines()


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed")
@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: str(unit.name))
def test_systemd_understands_every_line_of_the_units(unit: Path) -> None:
    done = subprocess.run(["systemd-analyze", "verify", str(unit)], capture_output=True, text=True, check=False)
    complaints = [line for line in done.stderr.splitlines() if unit.name in line and "not executable" not in line]
    assert [line for line in complaints if "man " not in line] == []


@pytest.mark.skipif(shutil.which("kubectl") is None, reason="kubectl is not installed")
def test_kustomize_builds_the_manifests() -> None:
    command = ["kubectl", "kustomize", str(DEPLOY / "kubernetes")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    built = list(yaml.safe_load_all(done.stdout))
    assert {(each["kind"], each["metadata"]["name"].partition("-settings-")[0]) for each in built} >= set(OBJECTS)
    images = {c["image"] for each in built if each["kind"] == "Deployment" for c in pod(each)["containers"]}
    assert images == {"registry.example.com/deskhand:0.1.0"}


def test_the_container_is_built_from_what_is_there_and_runs_as_nobody_special() -> None:
    text = (DEPLOY / "container" / "Containerfile").read_text()
    sources = [word for line in re.findall(r"^COPY (.*)$", text, re.MULTILINE) for word in line.split()[:-1]]
    assert all((ROOT / source).exists() for source in sources)
    ignored = (DEPLOY / "container" / "Containerfile.containerignore").read_text().splitlines()
    assert {f"!{source}" for source in sources} <= set(ignored)
    assert "**/vault.json" in ignored
    packages = {"tasks", "bots", "connectors", "extractors", "workitems", "desk"}
    assert packages <= set(sources)
    assert re.findall(r"^USER (.*)$", text, re.MULTILINE)[-1] == "10001:10001"
    from tasks.programs import DEBIAN

    assert all(package in text for part in ("browser", "ocr") for package in DEBIAN[part])
    assert Plan().patience() < 90
