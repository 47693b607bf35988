//! Who is shown fields, and what of them: values, and groups of them.

use core::fmt;
use core::net::{Ipv4Addr, Ipv6Addr};

use ether_ip::ethernet::MacAddr;

use super::group::Group;
use super::table::Field;
#[cfg(doc)]
use super::table::Kind;

/// A field's value.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum FieldValue<'a> {
    /// Of [`Kind::Dec`], [`Kind::Hex`] and [`Kind::Flag`].
    Number(u64),
    /// Of [`Kind::Hex`], where the field has 8 bits though its namesake in another protocol has more.
    Byte(u8),
    /// Of [`Kind::Mac`].
    Mac(MacAddr),
    /// Of [`Kind::Ipv4`].
    Ipv4(Ipv4Addr),
    /// Of [`Kind::Ipv6`].
    Ipv6(Ipv6Addr),
    /// Of [`Kind::Bytes`].
    Bytes(&'a [u8]),
    /// Of [`Kind::Text`].
    Text(&'a str),
    /// Of [`Kind::Seconds`].
    Nanoseconds(i128),
    /// Of [`Kind::Text`], not put into words yet.
    Words(Words<'a>),
}

/// What can be put into words.
#[derive(Clone, Copy)]
pub struct Words<'a>(pub &'a dyn fmt::Display);

impl fmt::Display for Words<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for Words<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Who is shown the fields.
pub trait FieldVisitor {
    /// Whether a field's value is wanted. What is not is not computed.
    fn wants(&self, field: Field) -> bool;

    /// A field's value, and what it means where that has a name.
    fn visit(&mut self, field: Field, value: FieldValue<'_>, meaning: Option<&'static str>);

    /// A layer begins, of this name: [`Layer::name`](crate::Layer::name)'s.
    #[inline(always)]
    fn layer(&mut self, _: &'static str) {}

    /// The bytes of the layer that begins, with what it carries, and how many of them are its own.
    #[inline(always)]
    fn layer_bytes(&mut self, _own: usize, _bytes: &[u8]) {}

    /// Whether anything of a group is wanted. What nobody wants is not gone through.
    fn wants_any(&self, group: Group) -> bool;

    /// A group begins with its own field; its members follow, up to [`leave`](Self::leave). Who has no use for groups sees the
    /// fields one by one.
    #[inline(always)]
    fn enter(&mut self, group: Group, value: FieldValue<'_>, meaning: Option<&'static str>) {
        if self.wants(group.field()) {
            self.visit(group.field(), value, meaning);
        }
    }

    /// The group that was entered last ends.
    #[inline(always)]
    fn leave(&mut self) {}

    /// A group with its members: an option, an attribute, a route. It is left whatever the members do.
    #[inline(always)]
    fn group(
        &mut self,
        group: Group,
        value: FieldValue<'_>,
        meaning: Option<&'static str>,
        members: impl FnOnce(&mut Self),
    ) {
        if self.wants_any(group) {
            self.enter(group, value, meaning);
            members(self);
            self.leave();
        }
    }

    /// A number.
    #[inline(always)]
    fn number(&mut self, field: Field, value: impl Into<u64>) {
        if self.wants(field) {
            self.visit(field, FieldValue::Number(value.into()), None);
        }
    }

    /// A number of 8 bits, though the field's namesake has more.
    #[inline(always)]
    fn byte(&mut self, field: Field, value: u8) {
        if self.wants(field) {
            self.visit(field, FieldValue::Byte(value), None);
        }
    }

    /// A length or an offset.
    #[inline(always)]
    fn size(&mut self, field: Field, value: usize) {
        self.number(field, value as u64);
    }

    /// A number that has a name.
    #[inline(always)]
    fn named(&mut self, field: Field, value: impl Into<u64>, meaning: Option<&'static str>) {
        if self.wants(field) {
            self.visit(field, FieldValue::Number(value.into()), meaning);
        }
    }

    /// A bit.
    #[inline(always)]
    fn flag(&mut self, field: Field, on: bool) {
        self.number(field, u64::from(on));
    }

    /// A MAC address.
    #[inline(always)]
    fn mac(&mut self, field: Field, address: MacAddr) {
        if self.wants(field) {
            self.visit(field, FieldValue::Mac(address), None);
        }
    }

    /// An IPv4 address.
    #[inline(always)]
    fn ipv4(&mut self, field: Field, address: Ipv4Addr) {
        if self.wants(field) {
            self.visit(field, FieldValue::Ipv4(address), None);
        }
    }

    /// An IPv6 address.
    #[inline(always)]
    fn ipv6(&mut self, field: Field, address: Ipv6Addr) {
        if self.wants(field) {
            self.visit(field, FieldValue::Ipv6(address), None);
        }
    }

    /// Bytes.
    #[inline(always)]
    fn bytes(&mut self, field: Field, bytes: &[u8]) {
        if self.wants(field) {
            self.visit(field, FieldValue::Bytes(bytes), None);
        }
    }

    /// Text.
    #[inline(always)]
    fn text(&mut self, field: Field, text: &str) {
        if self.wants(field) {
            self.visit(field, FieldValue::Text(text), None);
        }
    }

    /// What can be put into words; done only if wanted.
    #[inline(always)]
    fn words(&mut self, field: Field, words: &dyn fmt::Display) {
        if self.wants(field) {
            self.visit(field, FieldValue::Words(Words(words)), None);
        }
    }

    /// A checksum's status, computed only if wanted.
    #[inline(always)]
    fn checksum(&mut self, field: Field, status: impl FnOnce() -> Status) {
        if self.wants(field) {
            let status = status();
            self.visit(field, FieldValue::Number(status as u64), Some(status.name()));
        }
    }
}

/// A checksum's status, with Wireshark's numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// 0: it is wrong.
    Bad,
    /// 1: it is right.
    Good,
    /// 2: what it covers is not all there: cut, a fragment, or a quote.
    Unverified,
    /// 3: the sender computed none.
    NotPresent,
}

impl Status {
    pub(super) const ALL: [Self; 4] = [Self::Bad, Self::Good, Self::Unverified, Self::NotPresent];

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Bad => "bad",
            Self::Good => "good",
            Self::Unverified => "unverified",
            Self::NotPresent => "not present",
        }
    }

    pub(super) fn of(is_valid: Option<bool>) -> Self {
        match is_valid {
            Some(true) => Self::Good,
            Some(false) => Self::Bad,
            None => Self::Unverified,
        }
    }
}
