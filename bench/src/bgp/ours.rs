//! bgp-codec: validated, then every attribute and route looked at.

use std::net::Ipv4Addr;

use bgp_codec::attribute::{Community, NextHop};
use bgp_codec::build::{SharedAttributes, Updates};
use bgp_codec::rewrite::Rewrite;
use bgp_codec::validate::UpdateVisitor;
use bgp_codec::{Attribute, AttributeValue, Family, Framer, Ipv4Prefix, Negotiated, Outcome, Update};

use super::Found;

pub fn update(message: &[u8], session: &Negotiated) -> Option<Found> {
    let frame = Framer::new().next(&mut &*message).ok()??;
    read(frame.body(), session)
}

#[inline]
fn read(body: &[u8], session: &Negotiated) -> Option<Found> {
    let update = Update::parse(body, session).ok()?;
    let mut found = Found::default();
    update.walk(&mut found).is_accept().then_some(found)
}

impl<'a> UpdateVisitor<'a> for Found {
    #[inline(always)]
    fn withdrawn(&mut self, _: Option<u32>, prefix: Ipv4Prefix) {
        Found::withdrawn(self, prefix.address(), prefix.len());
    }

    #[inline(always)]
    fn announced(&mut self, _: Option<u32>, prefix: Ipv4Prefix) {
        Found::announced(self, prefix.address(), prefix.len());
    }

    #[inline(always)]
    fn attribute(&mut self, _: &Attribute<'a>, value: AttributeValue<'a>) {
        match value {
            AttributeValue::Origin(origin) => self.origin = origin as u8,
            AttributeValue::AsPath(path) => {
                for segment in path.segments() {
                    self.path += segment.as_numbers().map(u64::from).sum::<u64>();
                }
            }
            AttributeValue::NextHop(address) => self.next_hop = super::bits(address),
            AttributeValue::MultiExitDisc(med) => self.med = med,
            AttributeValue::LocalPref(local_pref) => self.local_pref = local_pref,
            AttributeValue::Communities(all) => {
                self.communities += all.iter().map(|community| u64::from(community.get())).sum::<u64>();
            }
            AttributeValue::ExtendedCommunities(all) => {
                let sum = all.iter().fold(0, |sum: u64, of| sum.wrapping_add(u64::from_be_bytes(of.0)));
                self.communities = self.communities.wrapping_add(sum);
            }
            AttributeValue::LargeCommunities(all) => {
                for of in all.as_slice() {
                    self.communities += u64::from(of.global()) + u64::from(of.local().0) + u64::from(of.local().1);
                }
            }
            AttributeValue::AtomicAggregate(_) => self.other += 1,
            AttributeValue::Aggregator(of) => self.other += u64::from(of.as_number) + super::bits(of.identifier),
            AttributeValue::OnlyToCustomer(number) => self.other += u64::from(number),
            AttributeValue::MpReach(reach) => {
                self.next_hop = reach.next_hop().address().map_or(0, super::bits);
                if let Some(routes) = reach.routes.ipv6() {
                    routes.for_each(|(_, prefix)| Found::announced(self, prefix.address(), prefix.len()));
                }
            }
            AttributeValue::MpUnreach(unreach) => {
                if let Some(routes) = unreach.routes.ipv6() {
                    routes.for_each(|(_, prefix)| Found::withdrawn(self, prefix.address(), prefix.len()));
                }
            }
            _ => {}
        }
    }
}

pub fn table(mut stream: &[u8], session: &Negotiated) -> Option<Found> {
    let framer = Framer::new();
    let mut found = Found::default();
    while let Some(frame) = framer.next(&mut stream).ok()? {
        found.add(&read(frame.body(), session)?);
    }
    Some(found)
}

pub fn build<'b>(
    values: &[AttributeValue<'_>],
    routes: &[Ipv4Prefix],
    session: &Negotiated,
    buffer: &'b mut [u8],
) -> Option<&'b [u8]> {
    let mut area = [0; 512];
    let attributes = SharedAttributes::write(values, session, &mut area).ok()?;
    Updates::announce_ipv4(attributes, routes.iter().copied(), session).ok()?.next(buffer).ok()?
}

pub fn rewrite<'b>(message: &[u8], session: &Negotiated, buffer: &'b mut [u8]) -> Option<&'b [u8]> {
    let update = Update::parse(message.get(19..)?, session).ok()?;
    let communities = [Community::new(65_001, 99)];
    let next_hops = [(Family::IPV4_UNICAST, NextHop::Ipv4(Ipv4Addr::new(192, 0, 2, 254)))];
    let prepend = &[65_010];
    let change =
        Rewrite { prepend, next_hops: &next_hops, communities: &communities, mark_unknown: true, ..Rewrite::default() };
    // The peers that it is measured beside do not look whether the message is good: what it is taken for is told.
    change.write(&update, &Outcome::Accept, session, buffer).ok()
}
