"""A cluster may be reached by TLS: the certificates are those that Dask's own configuration names."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

import caresim

dask = pytest.importorskip("dask")
distributed = pytest.importorskip("distributed")


@pytest.fixture
def certificate(tmp_path: Path) -> dict[str, str]:
    """A certificate that signs itself, as Dask's settings for both ends."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed, so no certificate can be made")
    key, signed = tmp_path / "key.pem", tmp_path / "signed.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    subprocess.run([*command, "-keyout", str(key), "-out", str(signed)], check=True, capture_output=True)
    files = {"key": str(key), "cert": str(signed)}
    ends = {
        f"distributed.comm.tls.{end}.{what}": file
        for end in ("scheduler", "worker", "client")
        for what, file in files.items()
    }
    return {"distributed.comm.tls.ca-file": str(signed), **ends}


def behind_tls() -> distributed.LocalCluster:
    """A cluster with the certificates that Dask's settings name while it is started."""
    security = distributed.Security(require_encryption=True)
    of_one = {"n_workers": 1, "threads_per_worker": 1, "processes": False, "dashboard_address": None}
    return distributed.LocalCluster(**of_one, protocol="tls", security=security)


def test_a_study_on_a_cluster_behind_tls_is_the_study_of_this_machine(certificate, tmp_path) -> None:
    words = ("experiment=queue", "queue.customers=200", "replications=2", f"output_dir={tmp_path}")
    here = caresim.compare(caresim.load(*words), workers=1).replications
    with dask.config.set(certificate), behind_tls() as cluster:
        assert cluster.scheduler_address.startswith("tls://")
        there = caresim.compare(caresim.load(*words, f"cluster={cluster.scheduler_address}")).replications
    assert there.equals(here)


def test_without_a_certificate_nobody_gets_in(certificate, tmp_path) -> None:
    with dask.config.set(certificate):
        cluster = behind_tls()
    words = ("experiment=queue", "queue.customers=200", "replications=2", f"output_dir={tmp_path}")
    with cluster:
        experiment = caresim.load(*words, f"cluster={cluster.scheduler_address}")
        with pytest.raises(caresim.BadInput, match="needs certificates"):
            caresim.compare(experiment)
