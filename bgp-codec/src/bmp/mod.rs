//! BMP: what a router tells a monitoring station of its sessions (RFC 7854, RFC 8671, RFC 9069, RFC 9736; draft-ietf-grow-bmp-tlv), both ways.
//!
//! ```text
//!  0       8                               40      48
//!  +-------+-------------------------------+-------+
//!  | versn.| length                        | type  |
//!  +-------+-------+-----------------------+-------+-------------------------------+
//!  | peer t| flags | distinguisher                                                 |    the per-peer header of the
//!  +-------+-------+---------------------------------------------------------------+    types 0 to 3 and 6
//!  | address, 16 bytes                                                             |
//!  +-------------------------------+-------------------------------+---------------+
//!  | AS                            | identifier                    | seconds …     |
//!  +-------------------------------+-------------------------------+---------------+
//! ```
//!
//! | type | what it holds behind that | read as | begun by |
//! | --- | --- | --- | --- |
//! | 0 route monitoring | an UPDATE; in version 4 TLVs | [`BmpBody::RouteMonitoring`], [`v4`] | [`BmpBody::write`], [`RouteTlvWriter`] |
//! | 1 statistics | counters | [`Statistics`] | [`StatisticsWriter`] |
//! | 2 peer down | a reason, and what belongs to it | [`PeerDown`] | [`PeerDown::begin`] |
//! | 3 peer up | two OPENs, and TLVs | [`PeerUp`] | [`PeerUp::begin`] |
//! | 4 initiation, 5 termination | TLVs | [`InformationTlvs`] | [`InformationWriter::initiation`], [`termination`](InformationWriter::termination) |
//! | 6 route mirroring | TLVs | [`InformationTlvs`] | [`InformationWriter::mirroring`] |
//!
//! How the messages of BGP in it are to be read is known from the two OPENs of Peer Up: a [`Station`] keeps that.
//!
//! ```
//! use bgp_codec::Writer;
//! use bgp_codec::bmp::{BMP, BmpBody, BmpMessage, Information, InformationWriter};
//!
//! let mut buffer = [0; 64];
//! let mut to = Writer::new(BMP, &mut buffer);
//! let mut initiation = InformationWriter::initiation(&mut to)?;
//! initiation.push(&Information::SystemName(b"r1"))?;
//! assert_eq!(to.written(), b"\x03\0\0\0\x0c\x04\0\x02\0\x02r1");
//!
//! let (message, _) = BmpMessage::split(to.written())?.unwrap();
//! let BmpBody::Information(told) = message.parse()? else { panic!() };
//! assert_eq!(told.into_iter().next(), Some(Information::SystemName(b"r1")));
//! # Ok::<(), bgp_codec::FieldError>(())
//! ```

// Floor 0: how a message is framed, and what is in several.
mod frame;
mod information;
mod peer;
mod statistics;

// Floor 1: the rest of what is in messages.
mod sessions;
pub mod v4;

// Floor 2: which of them.
mod body;

// Floor 3: who listens.
mod station;

pub use body::{BmpBody, BmpMessage};
pub use frame::{BMP, BmpType};
pub use information::{Information, InformationTlvs, InformationWriter, MirroringCode, Namespace, TerminationReason};
pub use peer::{BmpPeer, BmpPeerType};
pub use sessions::{PeerDown, PeerDownReason, PeerUp};
pub use station::{Heard, PeerSlot, Station};
pub use statistics::{StatType, StatValue, Statistic, Statistics, StatisticsWriter};
pub use v4::RouteTlvWriter;
