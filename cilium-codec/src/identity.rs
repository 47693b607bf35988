//! Security identities: what Cilium's overlay has where others have a network's number.
//!
//! ```text
//!  0               8                               24
//!  +---------------+-------------------------------+
//!  | cluster id    | identity in the cluster       |   of the packet's source, in VXLAN's or Geneve's VNI
//!  +---------------+-------------------------------+
//! ```

use ether_ip::vni::Vni;

ether_ip::open_set! {
    /// A security identity, 24 bits: reserved ones below 256, and those of workloads, with the cluster's id in the upper 8 bits.
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

impl Identity {
    /// The identity in a VNI.
    ///
    /// ```
    /// use cilium_codec::Identity;
    /// use ether_ip::vni::Vni;
    ///
    /// let identity = Identity::from_vni(Vni::new(0x05_1234)?);
    /// assert_eq!((identity.cluster(), identity.in_cluster(), identity.name()), (5, 0x1234, None));
    /// assert_eq!(identity.vni(), Vni::new(0x05_1234)?);
    /// # Ok::<(), ether_ip::Error>(())
    /// ```
    #[must_use]
    pub const fn from_vni(vni: Vni) -> Self {
        Self(vni.get())
    }

    /// The VNI; of an identity over 24 bits the lower ones.
    #[must_use]
    pub fn vni(self) -> Vni {
        // 24 bits always fit.
        Vni::new(self.0 & 0xff_ffff).unwrap_or(Vni::MAX)
    }

    /// The id of the cluster in a mesh of several; 0 without one.
    #[must_use]
    pub const fn cluster(self) -> u8 {
        (self.0 >> 16) as u8
    }

    /// The identity without the cluster's id.
    #[must_use]
    pub const fn in_cluster(self) -> u16 {
        self.0 as u16
    }

    /// Whether it is none of a workload's.
    #[must_use]
    pub const fn is_reserved(self) -> bool {
        self.0 < 256
    }
}
