//! The table of groups: what repeats in a layer, and has fields of its own.

use super::table::Field;

macro_rules! groups {
    ($($(#[$doc:meta])* $group:ident $name:literal = $field:ident, [$($first:ident $(to $last:ident)?),*];)*) => {
        /// Fields that stand together, several times perhaps: an option, an attribute, a route.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[repr(u8)]
        #[non_exhaustive]
        pub enum Group {
            $($(#[$doc])* $group,)*
        }

        impl Group {
            /// All groups.
            pub const ALL: &'static [Self] = &[$(Self::$group,)*];

            /// What several of them are called together.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$group => $name,)*
                }
            }

            /// The field that a group begins with.
            #[inline]
            #[must_use]
            pub const fn field(self) -> Field {
                match self {
                    $(Self::$group => Field::$field,)*
                }
            }

            /// Whether a field stands in the group, or in one of those within it.
            #[must_use]
            pub const fn has(self, field: Field) -> bool {
                let of = field as u16;
                match self {
                    $(Self::$group => of == Field::$field as u16 $(|| groups!(@has of $first $($last)?))*,)*
                }
            }
        }
    };
    (@has $of:ident $only:ident) => { $of == Field::$only as u16 };
    (@has $of:ident $first:ident $last:ident) => { Field::$first as u16 <= $of && $of <= Field::$last as u16 };
}

// A field may stand in several. `a to b` is all that the table of fields has from the one to the other.
groups! {
    /// An entry of an MPLS label stack.
    MplsEntry "labels" = MplsLabel, [MplsLabel to MplsTtl];
    /// An option of IPv4.
    IpOption "options" = IpOptionType, [IpOptionType to IpOptionAlert];
    /// An option of IPv6.
    Ipv6Option "options" = Ipv6OptionType, [Ipv6OptionType to Ipv6OptionData];
    /// An option of neighbour discovery.
    NdOption "options" = NdOptionType, [NdOptionType to NdOptionMtu];
    /// A group record of multicast listener discovery.
    MldRecord "records" = MldRecordType, [MldRecordType to MldRecordAux];
    /// A group record of IGMP.
    IgmpRecord "records" = IgmpRecordType, [IgmpRecordType to IgmpRecordAux];
    /// An option of TCP.
    TcpOption "options" = TcpOptionKind, [TcpOptionKind to TcpOptionData];
    /// What is known of a segment, datagram or echo from those before it.
    Conversation "conversations" = TcpStream, [TcpStream to TcpReusedPorts, TcpRelativeSequence, UdpStream, IcmpResponseTo, Icmpv6ResponseTo];
    /// What the innermost and the outermost packet are known by.
    Ends "ends" = InnerEthSource, [InnerEthSource to OuterUdpDestinationPort];
    /// An option of Geneve.
    GeneveOption "options" = GeneveOptionClass, [GeneveOptionClass to GeneveGoogleProfile, CiliumService];
    /// An extension header of GTP-U.
    GtpExtension "extensions" = GtpExtensionLength, [GtpExtensionLength to GtpExtensionNext];
    /// An OPEN's parameter.
    BgpParameter "parameters" = BgpOpenParamType, [BgpOpenParamType to BgpCapUnknown];
    /// A capability.
    BgpCapability "capabilities" = BgpCapType, [BgpCapType to BgpCapUnknown];
    /// A path attribute.
    BgpAttribute "attributes" = BgpAttributeType, [BgpAttributeFlags to BgpPathId, BgpReachPrefix4 to BgpWithdrawn];
    /// A segment of an AS path.
    BgpSegment "segments" = BgpSegmentType, [BgpSegmentType to BgpSegmentAs4];
    /// A route that is announced.
    BgpAnnounced "announced" = BgpAnnounced, [BgpPrefixLength to BgpReachPrefix6];
    /// A route that is withdrawn.
    BgpWithdrawn "withdrawn" = BgpWithdrawn, [BgpWithdrawnPrefix, BgpPrefixLength, BgpPathId, BgpUnreachPrefix4 to BgpUnreachPrefix6];
    /// The NOTIFICATION inside of a hard reset.
    BgpHardReset "reasons" = BgpResetMajor, [BgpResetMajor to BgpResetText];
}

/// Groups of which something is wanted: worked out once, so that to ask is one load.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct GroupSet(u32);

impl GroupSet {
    /// The groups that have a field which is wanted.
    #[must_use]
    pub fn of(wants: impl Fn(Field) -> bool) -> Self {
        let has_any = |group: &Group| Field::ALL.iter().any(|field| group.has(*field) && wants(*field));
        Self(Group::ALL.iter().filter(|group| has_any(group)).fold(0, |bits, group| bits | 1 << *group as u8))
    }

    /// Whether a group is in it.
    #[inline(always)]
    #[must_use]
    pub const fn contains(self, group: Group) -> bool {
        self.0 & 1 << group as u8 != 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One who asks for a field deep within is shown the groups around it, and no others.
    #[test]
    fn what_is_around_a_field() {
        let around = |field: Field| {
            let set = GroupSet::of(|of| of == field);
            Group::ALL.iter().copied().filter(move |group| set.contains(*group))
        };
        assert!(around(Field::BgpSegmentAs4).eq([Group::BgpAttribute, Group::BgpSegment]));
        assert!(around(Field::BgpCapAs).eq([Group::BgpParameter, Group::BgpCapability]));
        assert!(around(Field::TcpOptionMss).eq([Group::TcpOption]));
        assert!(around(Field::CiliumService).eq([Group::GeneveOption]));
        assert!(around(Field::IpSource).eq([]));
        let routes = [Group::BgpAttribute, Group::BgpAnnounced, Group::BgpWithdrawn];
        assert!(around(Field::BgpPathId).eq(routes));
        // What only stands outside of attributes does not have them read.
        assert!(around(Field::BgpPrefix).eq([Group::BgpAnnounced]));
        assert!(Group::ALL.len() <= 32, "a bit each");
    }
}
