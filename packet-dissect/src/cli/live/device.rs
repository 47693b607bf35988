//! The interfaces of this machine, or of one of its network namespaces.

use std::fmt;
use std::fs::File;
use std::path::{Path, PathBuf};

use nix::ifaddrs::getifaddrs;
use nix::net::if_::InterfaceFlags;
use nix::sched::{CloneFlags, setns};
use nix::sys::socket::{LinkAddr, SockaddrLike};

use crate::LinkType;

/// What stands for all interfaces.
pub(super) const ANY: &str = "any";

/// Where `ip netns` has the namespaces that have names.
const NAMESPACES: &str = "/run/netns";

/// Kinds of hardware (Linux's `if_arp.h`).
const ETHER: u16 = 1;
const RAW_IP: u16 = 519;
const TUNNEL: u16 = 768;
const TUNNEL6: u16 = 769;
pub(super) const LOOPBACK: u16 = 772;
const SIT: u16 = 776;
const NONE: u16 = 65_534;

/// An interface.
#[derive(Debug, Clone)]
pub(super) struct Device {
    pub(super) name: String,
    /// Its address of packet sockets, which they are bound to; `None` of all interfaces at once.
    pub(super) address: Option<LinkAddr>,
    flags: InterfaceFlags,
}

/// How packets of an interface begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Framing {
    Ethernet,
    Ip,
    /// The kernel takes off whatever is in front of the network layer, and says what it was.
    Cooked,
}

impl Framing {
    pub(super) fn link_type(self) -> LinkType {
        match self {
            Self::Ethernet => LinkType::ETHERNET,
            Self::Ip => LinkType::RAW,
            Self::Cooked => LinkType::LINUX_SLL2,
        }
    }
}

impl Device {
    /// All of them, in the kernel's order, and what stands for all.
    pub(super) fn all() -> Result<Vec<Self>, String> {
        let addresses = getifaddrs().map_err(|error| format!("the interfaces cannot be listed: {}", error.desc()))?;
        let mut devices: Vec<_> = addresses
            .filter_map(|of| {
                let address = *of.address?.as_link_addr()?;
                Some(Self { name: of.interface_name, address: Some(address), flags: of.flags })
            })
            .collect();
        devices.push(Self { name: ANY.to_owned(), address: None, flags: InterfaceFlags::IFF_UP });
        Ok(devices)
    }

    /// Those of these names.
    pub(super) fn named(names: &[String]) -> Result<Vec<Self>, String> {
        let all = Self::all()?;
        let find = |name: &String| {
            let known = || all.iter().map(|device| device.name.as_str()).collect::<Vec<_>>().join(", ");
            let found = all.iter().find(|device| device.name == *name);
            found.cloned().ok_or_else(|| format!("{name}: there is no such interface; there are {}", known()))
        };
        names.iter().map(find).collect()
    }

    pub(super) fn index(&self) -> Option<usize> {
        self.address.map(|address| address.ifindex())
    }

    pub(super) fn framing(&self) -> Framing {
        match self.address.map(|address| address.hatype()) {
            Some(ETHER | LOOPBACK) => Framing::Ethernet,
            Some(NONE | RAW_IP | TUNNEL | TUNNEL6 | SIT) => Framing::Ip,
            _ => Framing::Cooked,
        }
    }

    /// Whether it is still there.
    pub(super) fn is_there(&self) -> bool {
        let index = |name: &str| nix::net::if_::if_nametoindex(name).ok().map(|index| index as usize);
        self.address.is_none() || index(&self.name) == self.index()
    }
}

/// As `-D` lists it.
impl fmt::Display for Device {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)?;
        let Some(address) = self.address else { return f.write_str("  all interfaces at once") };
        let known = [
            (InterfaceFlags::IFF_UP, "up"),
            (InterfaceFlags::IFF_RUNNING, "running"),
            (InterfaceFlags::IFF_LOOPBACK, "loopback"),
        ];
        let flags: Vec<_> =
            known.iter().filter(|(flag, _)| self.flags.contains(*flag)).map(|(_, name)| *name).collect();
        write!(f, "  {}", if flags.is_empty() { "down".to_owned() } else { flags.join(", ") })?;
        if self.framing() == Framing::Ethernet && address.family().is_some() && address.halen() == 6 {
            write!(f, "  {address}")?;
        }
        Ok(())
    }
}

/// Goes to another network namespace, of that name or file.
pub(super) fn enter(name: &str) -> Result<(), String> {
    let path = if name.contains('/') { PathBuf::from(name) } else { Path::new(NAMESPACES).join(name) };
    let file = File::open(&path).map_err(|error| format!("--netns: {}: {error}", path.display()))?;
    setns(file, CloneFlags::CLONE_NEWNET).map_err(|error| format!("--netns: {}: {}", path.display(), error.desc()))
}
