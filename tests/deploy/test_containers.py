"""Container files, compose and Kubernetes: judged by linters and schemas of others, and held to our own rules."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from callbot.commands.service import DRAIN_S
from callbot.settings import Settings
from tests.deploy.judges import DEPLOY, missing, program, verdict
from tests.docs.test_docs_are_true import setting_names

CONTAINER, KUBERNETES = DEPLOY / "container", DEPLOY / "kubernetes"
CONTAINERFILES = sorted(CONTAINER.glob("Containerfile*[!e]"))
COMPOSE = yaml.safe_load((CONTAINER / "compose.yaml").read_text(encoding="utf-8"))
OURS = ("serve-one", "serve-two", "worker", "backup")
MANIFESTS = [path for path in sorted(KUBERNETES.glob("*.yaml")) if path.stem != "kustomization"]


def resources() -> Iterator[dict[str, Any]]:
    """Every resource of the manifests."""
    for path in MANIFESTS:
        yield from yaml.safe_load_all(path.read_text(encoding="utf-8"))


def of_kind(kind: str) -> list[dict[str, Any]]:
    found = [resource for resource in resources() if resource["kind"] == kind]
    assert found
    return found


def pod_specs() -> Iterator[dict[str, Any]]:
    for deployment in of_kind("Deployment"):
        yield deployment["spec"]["template"]["spec"]
    for job in of_kind("CronJob"):
        yield job["spec"]["jobTemplate"]["spec"]["template"]["spec"]


@pytest.mark.peer
@pytest.mark.parametrize("path", CONTAINERFILES, ids=lambda path: path.name)
def test_hadolint_is_content(path: Path) -> None:
    verdict(program("hadolint"), path)


@pytest.mark.peer
def test_the_compose_file_is_one_for_the_compose_specification() -> None:
    compose_spec = _compose_spec()
    compose_spec.PyCompose.from_json(json.dumps(COMPOSE)).validate()
    misspelt = json.dumps(COMPOSE).replace('"stop_grace_period"', '"stop_grace_time"')
    with pytest.raises(ValueError, match="stop_grace_time"):
        compose_spec.PyCompose.from_json(misspelt).validate()


def _compose_spec() -> Any:
    try:
        import compose_spec
    except ImportError:
        missing("compose-spec is missing: make deploy-judges")
    return compose_spec


@pytest.mark.peer
@pytest.mark.parametrize("version", ["1.28", "1.31", "1.34"])
def test_the_manifests_are_what_kubernetes_takes(version: str) -> None:
    said = verdict(program("kubernetes-validate"), "--strict", "--kubernetes-version", version, *MANIFESTS)
    assert said.count("passed") == len(list(resources()))
    assert "WARN" not in said


@pytest.mark.parametrize("path", CONTAINERFILES, ids=lambda path: path.name)
def test_images_are_pinned_and_run_as_nobody(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    bases = re.findall(r"^FROM (\S+)", text, re.MULTILINE)
    assert len(bases) >= 2, "what builds stays behind"
    assert all(re.fullmatch(r"\S+:\d+\.\d+\.\d+-[a-z-]+", base) for base in bases)
    users = re.findall(r"^USER (\S+)", text, re.MULTILINE)
    assert users
    assert not users[-1].startswith(("0", "root"))
    assert "--require-hashes --no-deps" in text
    assert "HEALTHCHECK" in text


def test_what_is_copied_into_the_image_is_there() -> None:
    for path in CONTAINERFILES:
        for line in re.findall(r"^COPY (?!--from)(.+)$", path.read_text(encoding="utf-8"), re.MULTILINE):
            for source in line.split()[:-1]:
                assert (DEPLOY.parent / source).exists(), source


def test_every_container_of_ours_is_hardened_and_has_the_time_to_stop() -> None:
    services = COMPOSE["services"]
    for name in (*OURS, "haproxy", "redis", "addok"):
        assert services[name]["read_only"] is True, name
        assert services[name]["cap_drop"] == ["ALL"], name
        assert services[name]["security_opt"] == ["no-new-privileges:true"], name
    for name, service in services.items():
        assert re.search(r":\d+\.\d+", service["image"]), name
    for name in ("serve-one", "serve-two", "haproxy"):
        assert services[name]["stop_grace_period"] == "620s"
    assert DRAIN_S < 620
    assert "ports" not in {key for name in services if name != "haproxy" for key in services[name]}


def test_kubernetes_pods_are_hardened_and_secrets_come_by_reference() -> None:
    for spec in pod_specs():
        assert spec["securityContext"]["runAsNonRoot"] is True
        assert spec["automountServiceAccountToken"] is False
        for container in spec["containers"]:
            assert container["securityContext"]["readOnlyRootFilesystem"] is True
            assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}
            assert {"secretRef": {"name": "callbot-settings"}} in container["envFrom"]
            assert set(container["resources"]) == {"requests", "limits"}
    assert not [resource for resource in resources() if resource["kind"] == "Secret"]


def test_a_pod_that_answers_calls_is_asked_and_has_the_time_to_stop() -> None:
    [serve] = [each for each in of_kind("Deployment") if each["metadata"]["name"] == "callbot-serve"]
    spec = serve["spec"]["template"]["spec"]
    assert spec["terminationGracePeriodSeconds"] == 620
    [container] = spec["containers"]
    assert container["readinessProbe"]["httpGet"]["path"] == "/health/ready"
    # While it drains it is not ready, and must not be killed for it.
    assert container["livenessProbe"]["httpGet"]["path"] == "/health/live"
    assert "preStop" in container["lifecycle"]
    assert "replicas" not in serve["spec"], "the number is the autoscaler's"


def test_what_belongs_together_is_named_alike() -> None:
    names = {(each["kind"], each["metadata"]["name"]) for each in resources()}
    [scaler] = of_kind("HorizontalPodAutoscaler")
    assert ("Deployment", scaler["spec"]["scaleTargetRef"]["name"]) in names
    claims = {
        volume["persistentVolumeClaim"]["claimName"]
        for spec in pod_specs()
        for volume in spec["volumes"]
        if "persistentVolumeClaim" in volume
    }
    assert claims == {name for kind, name in names if kind == "PersistentVolumeClaim"}
    for spec in pod_specs():
        volumes = {volume["name"] for volume in spec["volumes"]}
        assert {mount["name"] for container in spec["containers"] for mount in container["volumeMounts"]} == volumes
    [ingress] = of_kind("Ingress")
    backends = {each["backend"]["service"]["name"] for each in ingress["spec"]["rules"][0]["http"]["paths"]}
    assert {("Service", name) for name in backends} <= names
    kustomization = yaml.safe_load((KUBERNETES / "kustomization.yaml").read_text(encoding="utf-8"))
    assert sorted(kustomization["resources"]) == [path.name for path in MANIFESTS]


@pytest.mark.parametrize(
    "path",
    [path for path in sorted(DEPLOY.rglob("*")) if path.is_file() and path.parent.name != "conformite"],
    ids=lambda path: path.name,
)
def test_every_setting_named_in_deploy_exists(path: Path) -> None:
    known = set(setting_names(Settings)) | {"CALLBOT_ONE", "CALLBOT_TWO", "CALLBOT_FIGURES", "CALLBOT_SEED"}
    assert set(re.findall(r"\bCALLBOT_[A-Z_]+[A-Z]", path.read_text(encoding="utf-8"))) <= known
