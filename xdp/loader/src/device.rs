//! What the kernel says of a device, in the namespace that this runs in.

use std::fs;
use std::str::FromStr;

use anyhow::{Context, anyhow};
use ether_ip::ethernet::MacAddr;

/// A network device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Device {
    /// Its name.
    pub name: String,
    /// Its number.
    pub index: u32,
    /// Its hardware address.
    pub address: MacAddr,
    /// The longest packet that it takes, in bytes, from IP on.
    pub mtu: u16,
}

impl Device {
    /// By its name.
    ///
    /// # Errors
    ///
    /// If there is none.
    pub fn named(name: &str) -> anyhow::Result<Self> {
        let (index, mtu) = (told(name, "ifindex")?, told::<u32>(name, "mtu")?);
        // A loopback's is one more than an IP packet can have.
        let mtu = u16::try_from(mtu).unwrap_or(u16::MAX);
        Ok(Self { name: name.to_owned(), index, address: told(name, "address")?, mtu })
    }
}

fn told<T: FromStr>(name: &str, what: &str) -> anyhow::Result<T> {
    let text = fs::read_to_string(format!("/sys/class/net/{name}/{what}"))
        .with_context(|| format!("there is no device {name}"))?;
    text.trim().parse().map_err(|_| anyhow!("the kernel says of {name} that its {what} is {text:?}"))
}
