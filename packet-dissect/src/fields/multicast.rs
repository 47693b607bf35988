//! The fields of IGMP, and of multicast listener discovery, which is its like for IPv6.

use ether_ip::igmp::{IgmpMessage, IgmpPacket};
use ether_ip::mld::MldMessage;
use ether_ip::multicast::{GroupRecord, SourceQuery};

use super::context::Context;
use super::group::Group;
use super::table::Field;
use super::visitor::{FieldValue, FieldVisitor, Status};

pub(super) fn igmp(packet: &IgmpPacket<&[u8]>, context: &Context, v: &mut impl FieldVisitor) {
    let message = IgmpMessage::parse(packet).ok();
    message.and_then(|message| message.version()).iter().for_each(|version| v.number(Field::IgmpVersion, *version));
    v.named(Field::IgmpType, packet.kind().0, packet.kind().name());
    // The second byte is a time in version 2 and in queries of version 3; elsewhere it is nobody's.
    if let Some(
        IgmpMessage::Query { max_response: 1.., .. }
        | IgmpMessage::QueryV3 { .. }
        | IgmpMessage::ReportV2 { .. }
        | IgmpMessage::Leave { .. },
    ) = message
    {
        v.number(Field::IgmpResponse, packet.code());
    }
    v.number(Field::IgmpChecksum, packet.checksum());
    v.checksum(Field::IgmpChecksumStatus, || Status::of((!context.is_partial).then(|| packet.checksum_is_valid())));
    match message {
        Some(
            IgmpMessage::Query { group, .. }
            | IgmpMessage::ReportV1 { group }
            | IgmpMessage::ReportV2 { group }
            | IgmpMessage::Leave { group },
        ) => v.ipv4(Field::IgmpGroup, group),
        Some(IgmpMessage::QueryV3 { group, query, .. }) => {
            v.ipv4(Field::IgmpGroup, group);
            v.flag(Field::IgmpSuppress, query.suppresses());
            v.number(Field::IgmpRobustness, query.robustness());
            v.number(Field::IgmpInterval, query.interval_code);
            v.size(Field::IgmpSourceCount, query.sources.len());
            query.sources().for_each(|source| v.ipv4(Field::IgmpSource, source));
        }
        Some(IgmpMessage::ReportV3(records)) => {
            v.number(Field::IgmpRecordCount, records.count());
            if v.wants_any(Group::IgmpRecord) {
                records.iter().map_while(Result::ok).for_each(|record| igmp_record(&record, v));
            }
        }
        _ => {}
    }
}

fn igmp_record(record: &GroupRecord<'_, 4>, v: &mut impl FieldVisitor) {
    v.group(Group::IgmpRecord, FieldValue::Number(record.kind.0.into()), record.kind.name(), |v| {
        v.size(Field::IgmpRecordAuxLength, record.auxiliary.len() / 4);
        v.size(Field::IgmpSourceCount, record.sources.len());
        v.ipv4(Field::IgmpGroup, record.group());
        record.sources().for_each(|source| v.ipv4(Field::IgmpSource, source));
        if !record.auxiliary.is_empty() {
            v.bytes(Field::IgmpRecordAux, record.auxiliary);
        }
    });
}

/// What an ICMPv6 message, whose `body` this is, says of listeners.
pub(super) fn mld(message: &MldMessage<'_>, body: &[u8], v: &mut impl FieldVisitor) {
    let time = body.first_chunk().map_or(0, |time| u16::from_be_bytes(*time));
    match message {
        MldMessage::Query { group, .. } | MldMessage::Report { group } | MldMessage::Done { group } => {
            v.number(Field::MldDelay, time);
            v.ipv6(Field::MldGroup, *group);
        }
        MldMessage::QueryV2 { max_response_code, group, query } => {
            v.number(Field::MldResponse, *max_response_code);
            v.ipv6(Field::MldGroup, *group);
            mld_query(query, v);
        }
        MldMessage::ReportV2(records) => {
            v.number(Field::MldRecordCount, records.count());
            if v.wants_any(Group::MldRecord) {
                records.iter().map_while(Result::ok).for_each(|record| mld_record(&record, v));
            }
        }
        _ => {}
    }
}

fn mld_query(query: &SourceQuery<'_, 16>, v: &mut impl FieldVisitor) {
    v.number(Field::MldFlags, query.flags);
    v.flag(Field::MldSuppress, query.suppresses());
    v.number(Field::MldRobustness, query.robustness());
    v.number(Field::MldInterval, query.interval_code);
    v.size(Field::MldSourceCount, query.sources.len());
    query.sources().for_each(|source| v.ipv6(Field::MldSource, source));
}

fn mld_record(record: &GroupRecord<'_, 16>, v: &mut impl FieldVisitor) {
    v.group(Group::MldRecord, FieldValue::Number(record.kind.0.into()), record.kind.name(), |v| {
        v.size(Field::MldRecordAuxLength, record.auxiliary.len() / 4);
        v.size(Field::MldRecordSourceCount, record.sources.len());
        v.ipv6(Field::MldRecordGroup, record.group());
        record.sources().for_each(|source| v.ipv6(Field::MldRecordSource, source));
        if !record.auxiliary.is_empty() {
            v.bytes(Field::MldRecordAux, record.auxiliary);
        }
    });
}
