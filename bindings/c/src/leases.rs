//! Flannel's leases: which node has which pods, as etcd and Kubernetes have it.

use core::net::{IpAddr, Ipv4Addr};
use core::str::from_utf8;

use flannel_udp_codec::lease::{Backend, Lease, LeaseError, Leases};

use crate::border::{Outcome, answer, make, owned, place, shared, slice, take_back};
use crate::error::{CodecError, Status};
use crate::flannel::FlannelRoutes;
use crate::memory::IpAddress;

/// The leases of a network.
#[derive(Debug)]
pub struct FlannelLeases(Leases);

/// A backend of flannel's: how nodes reach each other's pods.
#[repr(u8)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FlannelBackend {
    /// None that is known.
    Other = 0,
    /// Pods' packets in UDP datagrams, by a proxy.
    Udp = 1,
    /// VXLAN, by the kernel.
    Vxlan = 2,
    /// Routes via the nodes.
    HostGw = 3,
    /// WireGuard, by the kernel.
    WireGuard = 4,
    /// IP in IP, by the kernel.
    Ipip = 5,
    /// ESP between the nodes.
    Ipsec = 6,
    /// Commands of whoever set it up.
    Extension = 7,
    /// Leases alone.
    Alloc = 8,
    /// Routes in Tencent's cloud.
    TencentVpc = 9,
}

/// A node's lease. What there is none of is zero.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct FlannelLease {
    /// The pods' IPv4 network.
    pub subnet: IpAddress,
    /// Their IPv6 network.
    pub subnet_v6: IpAddress,
    /// The node.
    pub node: IpAddress,
    /// Its IPv6 address.
    pub node_v6: IpAddress,
    /// The VNI of a VXLAN backend; 0 of others.
    pub vni: u32,
    /// The MAC address of the node's VXLAN device.
    pub vtep_mac: [u8; 6],
    /// How many bits of `subnet` count.
    pub prefix_length: u8,
    /// How many of `subnet_v6`.
    pub prefix_length_v6: u8,
    /// A `cc_flannel_backend`.
    pub backend: u8,
    /// Nothing yet.
    pub reserved: [u8; 3],
}

/// Reads the JSON of `len` bytes that etcd or Kubernetes gives: an object of keys and leases, a range of etcd's, nodes. Null, with the reason in
/// `error`, if it is none; a single lease that is wrong is among the refused. What it gives goes to `cc_flannel_leases_free`. Any number of threads
/// may call it.
///
/// # Safety
/// `text` points to `len` bytes, `error` is null or points to an error.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cc_flannel_leases_new(
    text: *const u8,
    len: usize,
    error: *mut CodecError,
) -> *mut FlannelLeases {
    let work = || {
        // SAFETY: the caller's promise of the text.
        let text = unsafe { slice(text, len) }?;
        let text = from_utf8(text).map_err(|_| CodecError::new(Status::Text, "a text is no UTF-8"))?;
        Leases::parse(text).map(FlannelLeases).map_err(|error| of_lease(&error))
    };
    // SAFETY: the caller's promise of the error.
    unsafe { make(error, work) }
}

fn of_lease(error: &LeaseError) -> CodecError {
    CodecError::new(Status::Malformed, error)
}

/// Frees leases; of null nothing. By one thread, once no other uses it.
///
/// # Safety
/// `leases` is null, or of `cc_flannel_leases_new` and not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cc_flannel_leases_free(leases: *mut FlannelLeases) {
    // SAFETY: the caller's promise.
    unsafe { take_back(leases) };
}

/// How many leases there are, and, in `refused`, which may be null, how many could not be read; 0 of null. Any number of threads may call it.
///
/// # Safety
/// `leases` is null, or of `cc_flannel_leases_new` and not freed; `refused` is null or points to a number.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cc_flannel_leases_count(leases: *const FlannelLeases, refused: *mut usize) -> usize {
    // SAFETY: the caller's promise of the leases.
    let leases = unsafe { shared(leases) };
    // SAFETY: the caller's promise of the number.
    if let Ok(refused) = unsafe { owned(refused) } {
        *refused = leases.as_ref().map_or(0, |leases| leases.0.refused.len());
    }
    leases.map_or(0, |leases| leases.0.leases.len())
}

/// The lease of a number, from 0. `CC_STATUS_ARGUMENT` if there is none of it. Any number of threads may call it. Nothing is allocated.
///
/// # Safety
/// `leases` is of `cc_flannel_leases_new` and not freed, `lease` points to a place for one, `error` is null or points to an error.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cc_flannel_leases_at(
    leases: *const FlannelLeases,
    number: usize,
    lease: *mut FlannelLease,
    error: *mut CodecError,
) -> Status {
    let find = |leases: &FlannelLeases| {
        let all = &leases.0.leases;
        let found = all.get(number).map(|found| told(leases, found));
        found.ok_or_else(|| CodecError::argument("number", number as u64, all.len() as u64))
    };
    // SAFETY: the caller's promises.
    unsafe { tell(leases, lease, error, find) }
}

/// The lease behind which a pod's address is. `CC_STATUS_END` if there is none. Any number of threads may call it. Nothing is allocated.
///
/// # Safety
/// As `cc_flannel_leases_at`'s; `pod` points to an address.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cc_flannel_leases_behind(
    leases: *const FlannelLeases,
    pod: *const IpAddress,
    lease: *mut FlannelLease,
    error: *mut CodecError,
) -> Status {
    let find = |leases: &FlannelLeases| {
        // SAFETY: the caller's promise of the address.
        let pod = unsafe { shared(pod) }?.ip("pod")?;
        leases.0.behind(pod).map(|found| told(leases, found)).ok_or_else(|| none(pod))
    };
    // SAFETY: the caller's promises.
    unsafe { tell(leases, lease, error, find) }
}

/// The lease of the node that has an address. `CC_STATUS_END` if there is none. Any number of threads may call it. Nothing is allocated.
///
/// # Safety
/// As `cc_flannel_leases_at`'s; `node` points to an address.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cc_flannel_leases_of_node(
    leases: *const FlannelLeases,
    node: *const IpAddress,
    lease: *mut FlannelLease,
    error: *mut CodecError,
) -> Status {
    let find = |leases: &FlannelLeases| {
        // SAFETY: the caller's promise of the address.
        let node = unsafe { shared(node) }?.ip("node")?;
        leases.0.of_node(node).map(|found| told(leases, found)).ok_or_else(|| none(node))
    };
    // SAFETY: the caller's promises.
    unsafe { tell(leases, lease, error, find) }
}

/// Why the lease of a number among the refused could not be read: as the status, and in `error`. `CC_STATUS_ARGUMENT` if there is none of it. Any
/// number of threads may call it.
///
/// # Safety
/// `leases` is of `cc_flannel_leases_new` and not freed, `error` is null or points to an error.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cc_flannel_leases_refused(
    leases: *const FlannelLeases,
    number: usize,
    error: *mut CodecError,
) -> Status {
    let work = || {
        // SAFETY: the caller's promise of the leases.
        let refused = &unsafe { shared(leases) }?.0.refused;
        Err(match refused.get(number) {
            Some((key, why)) => CodecError::new(Status::Malformed, format_args!("{key}: {why}")),
            None => CodecError::argument("number", number as u64, refused.len() as u64),
        })
    };
    // SAFETY: the caller's promise of the error.
    unsafe { answer(error, work) }
}

/// Puts the routes of the UDP backend's leases into a table.
///
/// # Safety
/// `leases` is of `cc_flannel_leases_new` and not freed; `routes` is of `cc_flannel_routes_new`, not freed, and nobody else uses it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cc_flannel_leases_routes(leases: *const FlannelLeases, routes: *mut FlannelRoutes) -> Status {
    let work = || {
        // SAFETY: the caller's promise of the leases.
        let leases = unsafe { shared(leases) }?;
        // SAFETY: the caller's promise of the routes.
        let routes = unsafe { owned(routes) }?;
        leases.0.routes().for_each(|route| routes.set(route));
        Ok(())
    };
    // SAFETY: nobody is told but by the status.
    unsafe { answer(core::ptr::null_mut(), work) }
}

fn none(of: IpAddr) -> CodecError {
    CodecError::new(Status::End, format_args!("no lease has {of}"))
}

/// Tells the lease that is found.
///
/// # Safety
/// As `cc_flannel_leases_at`'s.
unsafe fn tell(
    leases: *const FlannelLeases,
    to: *mut FlannelLease,
    error: *mut CodecError,
    find: impl FnOnce(&FlannelLeases) -> Outcome<FlannelLease>,
) -> Status {
    let work = || {
        // SAFETY: the caller's promise of the leases.
        let leases = unsafe { shared(leases) }?;
        // SAFETY: the caller's promise of the place.
        let to = unsafe { place(to) }?;
        to.write(find(leases)?);
        Ok(())
    };
    // SAFETY: the caller's promise of the error.
    unsafe { answer(error, work) }
}

fn told(leases: &FlannelLeases, of: &Lease) -> FlannelLease {
    let address = |address: Option<IpAddr>| address.map(IpAddress::from).unwrap_or_default();
    let backend = leases.0.backend_of(of);
    let vxlan = of.value.vxlan().ok();
    let vni = vxlan.as_ref().and_then(|vxlan| vxlan.vni).unwrap_or(backend.vni);
    let is_vxlan = backend.kind == Backend::Vxlan;
    let node = Some(of.value.public_ip).filter(|node| *node != Ipv4Addr::UNSPECIFIED);
    FlannelLease {
        subnet: address(Some(of.key.ipv4.network().into())),
        subnet_v6: address(of.key.ipv6.map(|subnet| subnet.network().into())),
        node: address(node.map(Into::into)),
        node_v6: address(of.value.public_ipv6.map(Into::into)),
        vni: if is_vxlan { vni.get() } else { 0 },
        vtep_mac: vxlan.filter(|_| is_vxlan).map_or([0; 6], |vxlan| vxlan.vtep_mac.0),
        prefix_length: of.key.ipv4.prefix_len(),
        prefix_length_v6: of.key.ipv6.map_or(0, |subnet| subnet.prefix_len()),
        backend: match backend.kind {
            Backend::Udp => FlannelBackend::Udp,
            Backend::Vxlan => FlannelBackend::Vxlan,
            Backend::HostGw => FlannelBackend::HostGw,
            Backend::WireGuard => FlannelBackend::WireGuard,
            Backend::Ipip => FlannelBackend::Ipip,
            Backend::Ipsec => FlannelBackend::Ipsec,
            Backend::Extension => FlannelBackend::Extension,
            Backend::Alloc => FlannelBackend::Alloc,
            Backend::TencentVpc => FlannelBackend::TencentVpc,
            _ => FlannelBackend::Other,
        } as u8,
        reserved: [0; 3],
    }
}
