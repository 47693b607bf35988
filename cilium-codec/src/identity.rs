//! Security identities: what Cilium's overlay has where others have a network's number.
//!
//! ```text
//!  0       8               16                              32
//!  +-------+---------------+-------------------------------+
//!  | scope | cluster id    | identity in the cluster       |   scope 0: of the packet's source, in VXLAN's or Geneve's VNI
//!  +-------+---------------+-------------------------------+
//! ```
//!
//! Only scope 0 means the same on every node. cilium pkg/identity/numericidentity.go, bpf/lib/identity.h, bpf/lib/clustermesh.h.

use ether_ip::Error;
use ether_ip::vni::Vni;

ether_ip::open_set! {
    /// A security identity, 32 bits; one that travels has the lower 24 only.
    pub struct Identity(u32) {
        /// The node itself.
        HOST = 1, "host";
        /// Anything outside the cluster.
        WORLD = 2, "world";
        /// An endpoint that Cilium does not manage.
        UNMANAGED = 3, "unmanaged";
        /// Health checks.
        HEALTH = 4, "health";
        /// An endpoint whose identity is not known yet.
        INIT = 5, "init";
        /// Another node.
        REMOTE_NODE = 6, "remote-node";
        /// The API server of Kubernetes.
        KUBE_API_SERVER = 7, "kube-apiserver";
        /// Cilium's ingress.
        INGRESS = 8, "ingress";
        /// Anything outside the cluster, by IPv4.
        WORLD_IPV4 = 9, "world-ipv4";
        /// Anything outside the cluster, by IPv6.
        WORLD_IPV6 = 10, "world-ipv6";
    }
}

/// How many clusters a mesh may have (Cilium's `max-connected-clusters`, the same in all of them), and so how long an identity in a
/// cluster is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Mesh {
    /// 255, with identities of 16 bits: Cilium's default.
    #[default]
    Clusters255,
    /// 511, with identities of 15 bits.
    Clusters511,
}

impl Mesh {
    const fn identity_length(self) -> u32 {
        match self {
            Self::Clusters255 => 16,
            Self::Clusters511 => 15,
        }
    }
}

impl Identity {
    /// The identity in a VNI. On nodes with both IPv4 and IPv6, [`WORLD`](Self::WORLD) stands there for
    /// [`WORLD_IPV4`](Self::WORLD_IPV4) and [`WORLD_IPV6`](Self::WORLD_IPV6), by the version of the packet within.
    ///
    /// ```
    /// use cilium_codec::{Identity, Mesh};
    /// use ether_ip::vni::Vni;
    ///
    /// let identity = Identity::from_vni(Vni::new(0x05_1234)?);
    /// assert_eq!((identity.cluster(Mesh::Clusters255), identity.in_cluster(Mesh::Clusters255)), (5, 0x1234));
    /// assert_eq!((identity.cluster(Mesh::Clusters511), identity.in_cluster(Mesh::Clusters511)), (10, 0x1234));
    /// assert_eq!(identity.vni()?, Vni::new(0x05_1234)?);
    /// # Ok::<(), ether_ip::Error>(())
    /// ```
    #[must_use]
    pub const fn from_vni(vni: Vni) -> Self {
        Self(vni.get())
    }

    /// The VNI, as Cilium writes it: both worlds of IPv4 and IPv6 as [`WORLD`](Self::WORLD).
    ///
    /// # Errors
    /// [`Error::Unbuildable`] of what does not travel: one of [local scope](Self::is_local) would arrive as another, 0x01000001 as
    /// [`HOST`](Self::HOST).
    pub const fn vni(self) -> Result<Vni, Error> {
        match self {
            Self::WORLD_IPV4 | Self::WORLD_IPV6 => Vni::new(Self::WORLD.0),
            Self(number) => Vni::new(number),
        }
    }

    /// The id of the cluster in a mesh of several; 0 without one.
    #[must_use]
    pub const fn cluster(self, mesh: Mesh) -> u16 {
        ((self.0 & 0xff_ffff) >> mesh.identity_length()) as u16
    }

    /// The identity without the cluster's id.
    #[must_use]
    pub const fn in_cluster(self, mesh: Mesh) -> u16 {
        (self.0 & !(u32::MAX << mesh.identity_length())) as u16
    }

    /// Whether it is Cilium's own, none of a workload's: numbers below 100. From 100 to 127 stand workloads that Cilium knows by
    /// themselves, as cluster DNS, from 128 to 255 such as an operator gave a fixed number; the others are allocated.
    #[must_use]
    pub const fn is_reserved(self) -> bool {
        self.0 < 100
    }

    /// Whether it has a meaning on one node only: of a prefix (scope 1), or of a remote node (scope 2).
    #[must_use]
    pub const fn is_local(self) -> bool {
        self.0 >> 24 != 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ether_ip::{LayerName, Rule};

    /// The table of Cilium's pkg/identity/numericidentity_test.go, `TestClusterID` (at 09c7f7865377), and the same for 511 clusters
    /// (bpf/lib/clustermesh.h: identity >> identity_length).
    #[test]
    fn clusters() {
        for (number, cluster) in [(0, 0), (0x01_0000, 1), (0x2a_0000, 42), (0xff_0000, 255)] {
            assert_eq!(Identity(number).cluster(Mesh::Clusters255), cluster);
        }
        let of_300 = Identity(300 << 15 | 0x1234);
        assert_eq!((of_300.cluster(Mesh::Clusters511), of_300.in_cluster(Mesh::Clusters511)), (300, 0x1234));
        assert_eq!((of_300.cluster(Mesh::Clusters255), of_300.in_cluster(Mesh::Clusters255)), (150, 0x1234));
        let last = Identity(0xff_ffff);
        assert_eq!((last.cluster(Mesh::Clusters511), last.in_cluster(Mesh::Clusters511)), (511, 0x7fff));
        assert_eq!((last.cluster(Mesh::default()), last.in_cluster(Mesh::default())), (255, 0xffff));
    }

    /// `TestLocalIdentity` of the same file: LocalIdentityFlag is bit 24. As a VNI such a one would be another's: 1 is the host.
    #[test]
    fn what_does_not_travel() {
        let refused = |value| {
            let (layer, field, rule) = (LayerName::PACKET, "VNI", Rule::AtMost(0xff_ffff));
            Err(Error::Unbuildable { layer, field, value, rule })
        };
        for number in [0x0100_0001, 0x0200_0001, u32::MAX] {
            let identity = Identity(number);
            assert_eq!((identity.is_local(), identity.vni()), (true, refused(number as usize)));
        }
        assert_eq!((Identity(0xff_0001).is_local(), Identity::WORLD.is_local()), (false, false));
        assert_eq!(Identity(0x0100_0001).cluster(Mesh::Clusters255), 0);
    }

    /// bpf/lib/identity.h, `get_tunnel_id`.
    #[test]
    fn worlds_travel_as_one() {
        for world in [Identity::WORLD, Identity::WORLD_IPV4, Identity::WORLD_IPV6] {
            assert_eq!(world.vni().map(Vni::get), Ok(2));
        }
    }

    /// bpf/lib/identity.h, `aggregate_for_identity`: from 0 to 99 are special, 100 and more endpoints; 102 is kube-dns
    /// (pkg/identity/numericidentity.go).
    #[test]
    fn reserved() {
        let numbers = [0, 1, 10, 99, 100, 102, 128, 255, 256, 0x01_0001, 0x0100_0001];
        let expected = [true, true, true, true, false, false, false, false, false, false, false];
        assert_eq!(numbers.map(|number| Identity(number).is_reserved()), expected);
    }
}
