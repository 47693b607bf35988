//! Prints what a node enters for its peers: for vxlan and host-gw the commands that do it on Linux.
//!
//! usage: entries FILE [OWN-SUBNET]
#![allow(clippy::unwrap_used, reason = "an example may fail loudly")]

use std::error::Error;

use flannel_udp_codec::lease::Leases;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let file = arguments.next().ok_or("usage: entries FILE [OWN-SUBNET]")?;
    let own = arguments.next();
    let leases = Leases::parse(&std::fs::read_to_string(file)?)?;
    for (key, error) in &leases.refused {
        eprintln!("{key}: {error}");
    }
    for lease in leases.leases.iter().filter(|lease| Some(lease.key.to_string()) != own) {
        for entry in lease.entries(&leases.backend_of(lease))? {
            println!("{entry}");
        }
    }
    Ok(())
}
