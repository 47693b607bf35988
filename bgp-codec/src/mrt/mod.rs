//! MRT: dumps of routing tables and of sessions, as route collectors publish them (RFC 6396, RFC 8050 for ADD-PATH), both ways.
//!
//! ```text
//!  0                               32              48              64                              96
//!  +-------------------------------+---------------+---------------+-------------------------------+
//!  | time stamp                    | type          | subtype       | length                        |
//!  +-------------------------------+---------------+---------------+-------------------------------+
//!  | microseconds, in the types that end in _ET, counted by the length                             |
//!  +-------------------------------+
//! ```
//!
//! | type | subtypes | read as | written by |
//! | --- | --- | --- | --- |
//! | 12 TABLE_DUMP | 1, 2 a route of IPv4, of IPv6 | [`TableDump`] | [`TableDump::write`] |
//! | 13 TABLE_DUMP_V2 | 1 peers | [`PeerIndexTable`] | [`PeerIndexTable::begin`] |
//! | | 2–5 a prefix of IPv4 or IPv6, unicast or multicast; 6 any family; 8–12 the same with path identifiers | [`Rib`] | [`Rib::begin`] |
//! | | 7 where the peers are (RFC 6397) | [`GeoPeerTable`] | [`GeoPeerTable::begin`] |
//! | 16, 17 BGP4MP, BGP4MP_ET | 1, 4, 6, 7 a message; 8–11 with path identifiers | [`SessionMessage`] | [`SessionMessage::write`] |
//! | | 0, 5 a change of state | [`StateChange`] | [`StateChange::write`] |
//! | others | | [`MrtBody::Other`] | [`MrtRecord::write`] |
//!
//! A table goes out a record at a time, and a record an entry at a time: nothing has to be held but the bytes themselves. After each
//! entry the record is whole. What does not fit is not begun, so that what is written can be passed on and the rest follow:
//!
//! ```
//! use bgp_codec::attribute::Attributes;
//! use bgp_codec::mrt::{MRT, MrtPeer, PeerIndexTable, Rib, RibEntry};
//! use bgp_codec::{Family, Ipv4Prefix, Nlri, Writer};
//!
//! let mut buffer = [0; 4096];
//! let mut to = Writer::new(MRT, &mut buffer);
//! let mut peers = PeerIndexTable::new([192, 0, 2, 9].into(), b"").begin(1_700_000_000, &mut to)?;
//! peers.push(&MrtPeer::new([192, 0, 2, 1].into(), [192, 0, 2, 1].into(), 65_001))?;
//! // ORIGIN IGP, NEXT_HOP 192.0.2.1.
//! let attributes = Attributes::new(&[0x40, 1, 1, 0, 0x40, 3, 4, 192, 0, 2, 1], 0);
//! for number in 0..10 {
//!     let prefix = Ipv4Prefix::new([10, number, 0, 0].into(), 16)?;
//!     let rib = Rib::new(number.into(), Family::IPV4_UNICAST, Nlri::Ipv4(prefix));
//!     let mut routes = rib.begin(1_700_000_000, &mut to)?;
//!     routes.push(&RibEntry { peer: 0, originated: 1_699_999_999, path_id: None, attributes })?;
//! }
//! assert_eq!(to.len(), (12 + 8 + 13) + 10 * (12 + 4 + 3 + 2 + 8 + 11));
//! # Ok::<(), bgp_codec::FieldError>(())
//! ```

// Floor 0: a record's header, and what several bodies have.
mod fields;
mod record;

// Floor 1: what records hold.
mod bgp4mp;
mod geo;
mod table_dump;
mod table_dump_v2;

// Floor 2: which of them.
mod body;

pub use bgp4mp::{Ends, SessionMessage, StateChange};
pub use body::MrtBody;
pub use fields::write_next_hop;
pub use geo::{GeoPeer, GeoPeerTable, GeoPeerWriter, Place};
pub use record::{MRT, MrtRecord, MrtType};
pub use table_dump::TableDump;
pub use table_dump_v2::{MrtPeer, PeerIndexTable, PeerType, PeerWriter, Rib, RibEntry, RibWriter};
