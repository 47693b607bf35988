"""Flannel's leases: testdata/flannel-leases.json, and what is wrong with some."""
import os

import pytest

from container_codecs import CodecError, Leases

TESTDATA = os.path.join(os.path.dirname(__file__), "..", "..", "..", "testdata")
TEXT = """{
    "/coreos.com/network/config": {"Network": "10.244.0.0/16", "Backend": {"Type": "vxlan", "VNI": 5}},
    "/coreos.com/network/subnets/10.244.2.0-24": {"PublicIP": "192.0.2.2", "BackendType": "vxlan", "BackendData": {"VNI": 5, "VtepMAC": "0a:1b:2c:3d:4e:5f"}},
    "/coreos.com/network/subnets/10.244.3.0-33": {"PublicIP": "192.0.2.3", "BackendType": "vxlan"}
}"""


def test_who_is_where():
    leases = Leases(TEXT)
    assert leases.network == "10.244.0.0/16" and len(leases) == 1
    lease = leases.behind("10.244.2.9")
    assert (lease.subnet, str(lease.node), lease.backend, lease.vni) == ("10.244.2.0/24", "192.0.2.2", "vxlan", 5)
    assert leases.of_node("192.0.2.2").subnet == leases[0].subnet == leases[-1].subnet
    assert leases.behind("10.244.9.1") is None and leases.of_node("192.0.2.3") is None
    assert "bridge fdb replace 0a:1b:2c:3d:4e:5f dev flannel.5 dst 192.0.2.2 self permanent" in lease.entries
    [(key, why)] = leases.refused
    assert key == "/coreos.com/network/subnets/10.244.3.0-33" and why
    with pytest.raises(IndexError):
        leases[1]


def test_a_real_cluster():
    leases = Leases(open(os.path.join(TESTDATA, "flannel-leases.json")).read())
    assert len(leases) > 0 and not leases.refused


def test_no_json():
    with pytest.raises(CodecError):
        Leases("[")
