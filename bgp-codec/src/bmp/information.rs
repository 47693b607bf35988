//! TLVs of initiation, termination, Peer Up, Peer Down and route mirroring (RFC 7854 §4.4–4.7, RFC 9069 §5.2.1, RFC 9736 §3).
//!
//! ```text
//!  0               16              32
//!  +---------------+---------------+---------
//!  | type          | length        | value …
//!  +---------------+---------------+---------
//! ```
//!
//! Each kind of message has types of its own: 1 is the router's description where it begins, and a reason where it ends.

use core::fmt;

use ether_ip::writer::Writer;
use ether_ip::{Error, open_set};

use super::frame::{BmpType, Growing};
use super::peer::BmpPeer;
use crate::tlv::{Shape, Tlv, Tlvs};
use crate::wire::hex;

open_set! {
    /// Why a router ends (RFC 7854 §4.5).
    pub struct TerminationReason(u16) {
        /// Somebody closed the session.
        ADMINISTRATIVELY_CLOSED = 0, "session administratively closed";
        /// It does not say.
        UNSPECIFIED = 1, "unspecified reason";
        /// It has no room for it.
        OUT_OF_RESOURCES = 2, "out of resources";
        /// There is another session already.
        REDUNDANT = 3, "redundant connection";
        /// Somebody closed the session, and it will not come back.
        PERMANENTLY_CLOSED = 4, "session permanently administratively closed";
    }
}

open_set! {
    /// What is told of mirrored messages (RFC 7854 §4.7).
    pub struct MirroringCode(u16) {
        /// The message was treated as RFC 7606 says.
        ERRORED_PDU = 0, "errored PDU";
        /// Some are missing.
        MESSAGES_LOST = 1, "messages lost";
    }
}

/// Whose types a TLV's are (RFC 9736 §3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Namespace {
    /// Initiation.
    Initiation,
    /// Termination.
    Termination,
    /// Peer Up and Peer Down.
    Peer,
    /// Route mirroring.
    Mirroring,
}

/// What a TLV says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Information<'a> {
    /// Text of any kind, in UTF-8: type 0, but for mirroring.
    Text(&'a [u8]),
    /// What the router is, in ASCII: type 1 of initiation.
    SystemDescription(&'a [u8]),
    /// Its name, in ASCII: type 2 of initiation.
    SystemName(&'a [u8]),
    /// The name of the VRF or table, in UTF-8: type 3 of Peer Up and Peer Down (RFC 9069 §5.2.1).
    TableName(&'a [u8]),
    /// A label that an administrator gave the peer, in UTF-8: type 4 of Peer Up (RFC 9736 §3.3).
    AdminLabel(&'a [u8]),
    /// Why the router ends: type 1 of termination.
    Reason(TerminationReason),
    /// A message of BGP: type 0 of mirroring, and its last TLV.
    Message(&'a [u8]),
    /// What is told of the messages: type 1 of mirroring.
    Code(MirroringCode),
    /// Of a type that is not known here, or of another length than its type has.
    Other(Tlv<'a>),
}

impl<'a> Information<'a> {
    /// What a TLV of a namespace says.
    #[must_use]
    pub fn of(namespace: Namespace, tlv: Tlv<'a>) -> Self {
        let code = || tlv.value.try_into().ok().map(u16::from_be_bytes);
        match (namespace, tlv.kind) {
            (Namespace::Mirroring, 0) => Self::Message(tlv.value),
            (_, 0) => Self::Text(tlv.value),
            (Namespace::Initiation, 1) => Self::SystemDescription(tlv.value),
            (Namespace::Initiation, 2) => Self::SystemName(tlv.value),
            (Namespace::Peer, 3) => Self::TableName(tlv.value),
            (Namespace::Peer, 4) => Self::AdminLabel(tlv.value),
            (Namespace::Termination, 1) => {
                code().map_or(Self::Other(tlv), |code| Self::Reason(TerminationReason(code)))
            }
            (Namespace::Mirroring, 1) => code().map_or(Self::Other(tlv), |code| Self::Code(MirroringCode(code))),
            _ => Self::Other(tlv),
        }
    }

    /// Writes it as a TLV.
    ///
    /// # Errors
    /// [`Error::NoRoom`]; [`Error::Unbuildable`] if it exceeds 65535 bytes.
    pub fn write(&self, to: &mut Writer<'_>) -> Result<(), Error> {
        let mut put = |kind, value| Tlv { kind, value }.write(Shape::Word, to);
        match *self {
            Self::Text(value) | Self::Message(value) => put(0, value),
            Self::SystemDescription(value) => put(1, value),
            Self::SystemName(value) => put(2, value),
            Self::TableName(value) => put(3, value),
            Self::AdminLabel(value) => put(4, value),
            Self::Reason(TerminationReason(code)) | Self::Code(MirroringCode(code)) => put(1, &code.to_be_bytes()),
            Self::Other(tlv) => put(tlv.kind, tlv.value),
        }
    }
}

impl fmt::Display for Information<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => write!(f, "text {}", text.escape_ascii()),
            Self::SystemDescription(text) => write!(f, "description {}", text.escape_ascii()),
            Self::SystemName(text) => write!(f, "name {}", text.escape_ascii()),
            Self::TableName(text) => write!(f, "table {}", text.escape_ascii()),
            Self::AdminLabel(text) => write!(f, "label {}", text.escape_ascii()),
            Self::Reason(reason) => reason.fmt(f),
            Self::Message(bytes) => {
                f.write_str("message ")?;
                hex(bytes, f)
            }
            Self::Code(code) => code.fmt(f),
            Self::Other(tlv) => tlv.fmt(f),
        }
    }
}

/// TLVs of a namespace. An iterator over what they say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct InformationTlvs<'a> {
    namespace: Namespace,
    tlvs: Tlvs<'a>,
}

impl<'a> InformationTlvs<'a> {
    /// TLVs of a namespace, not checked.
    #[must_use]
    pub fn new(namespace: Namespace, bytes: &'a [u8]) -> Self {
        Self { namespace, tlvs: Tlvs::new(Shape::Word, bytes) }
    }

    /// Whose types theirs are.
    #[must_use]
    pub const fn namespace(&self) -> Namespace {
        self.namespace
    }

    /// What was not read yet, as TLVs.
    #[must_use]
    pub const fn tlvs(&self) -> Tlvs<'a> {
        self.tlvs
    }
}

impl<'a> Iterator for InformationTlvs<'a> {
    type Item = Information<'a>;

    fn next(&mut self) -> Option<Information<'a>> {
        self.tlvs.next().map(|tlv| Information::of(self.namespace, tlv))
    }
}

/// A message that ends in TLVs and is being written, one at a time. It is whole after each.
#[derive(Debug)]
pub struct InformationWriter<'w, 'a> {
    message: Growing<'w, 'a>,
}

impl<'w, 'a> InformationWriter<'w, 'a> {
    pub(super) const fn new(message: Growing<'w, 'a>) -> Self {
        Self { message }
    }

    /// The router begins: a description and a name must follow (RFC 7854 §4.3).
    ///
    /// # Errors
    /// [`Error::NoRoom`]. Nothing is written then.
    pub fn initiation(to: &'w mut Writer<'a>) -> Result<Self, Error> {
        Growing::begin(3, BmpType::INITIATION, to, |_| Ok(())).map(Self::new)
    }

    /// The router ends: a reason must follow (RFC 7854 §4.5).
    ///
    /// # Errors
    /// [`Error::NoRoom`]. Nothing is written then.
    pub fn termination(to: &'w mut Writer<'a>) -> Result<Self, Error> {
        Growing::begin(3, BmpType::TERMINATION, to, |_| Ok(())).map(Self::new)
    }

    /// Messages of a peer as they came: the message is the last that follows (RFC 7854 §4.7).
    ///
    /// # Errors
    /// [`Error::NoRoom`]; [`Error::Unbuildable`] as [`BmpPeer::write`]. Nothing is written then.
    pub fn mirroring(peer: &BmpPeer, to: &'w mut Writer<'a>) -> Result<Self, Error> {
        Growing::begin(3, BmpType::ROUTE_MIRRORING, to, |to| peer.write(to)).map(Self::new)
    }

    /// The same as a message of version 4 (draft-ietf-grow-bmp-tlv-21 §4).
    #[must_use]
    pub fn as_v4(self) -> Self {
        self.of_version(4)
    }

    pub(super) fn of_version(mut self, version: u8) -> Self {
        self.message.overwrite(0, [version]);
        self
    }

    /// Writes one more.
    ///
    /// # Errors
    /// As [`Information::write`]. The message is as it was then.
    pub fn push(&mut self, information: &Information<'_>) -> Result<(), Error> {
        self.message.add(|to| information.write(to))
    }

    /// Adds bytes that are no TLV.
    pub(super) fn push_bytes(&mut self, bytes: &[u8]) -> Result<(), Error> {
        self.message.add(|to| to.write_all(&[bytes]))
    }

    /// Takes the message back.
    pub fn discard(self) {
        self.message.discard();
    }
}
