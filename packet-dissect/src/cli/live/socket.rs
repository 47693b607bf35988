//! A packet socket (packet(7)): the frames of an interface, each with when it came, how long it was, and the tag that the kernel took
//! off.

use std::io::{self, IoSliceMut};
use std::os::fd::{AsFd, AsRawFd, BorrowedFd};

use nix::cmsg_space;
use nix::errno::Errno;
use nix::libc;
use nix::sys::socket::sockopt::{GetStruct, RcvBuf, RcvBufForce, ReceiveTimestampns, SetBool, SetStruct};
use nix::sys::socket::{
    AddressFamily, ControlMessageOwned, LinkAddr, MsgFlags, MultiHeaders, SockFlag, SockProtocol, SockType, bind,
    getsockopt, recvmmsg, setsockopt, socket,
};
use nix::sys::time::TimeSpec;
use socket2::{SockFilter, Socket};

use crate::Timestamp;

use super::super::bpf::Instruction;
use super::device::{Device, Framing, LOOPBACK};

// Options of packet(7) that nix lacks, made by what it makes its own with.
#[derive(Clone, Copy)]
struct Statistics;
nix::getsockopt_impl!(
    Statistics,
    libc::SOL_PACKET,
    libc::PACKET_STATISTICS,
    libc::tpacket_stats,
    GetStruct<libc::tpacket_stats>
);
#[derive(Clone)]
struct AddMembership;
nix::setsockopt_impl!(
    AddMembership,
    libc::SOL_PACKET,
    libc::PACKET_ADD_MEMBERSHIP,
    libc::packet_mreq,
    SetStruct<libc::packet_mreq>
);
#[derive(Clone)]
struct AuxiliaryData;
nix::setsockopt_impl!(AuxiliaryData, libc::SOL_PACKET, libc::PACKET_AUXDATA, bool, SetBool);

/// How many packets are read at once.
const BATCH: usize = 64;
/// What the kernel keeps for us while we do something else, if it may; and otherwise.
const BUFFER: usize = 1 << 27;
const SMALL_BUFFER: usize = 1 << 21;

/// `linux/if_packet.h`: whether the tag, and its type, are there.
const VLAN_VALID: u32 = 1 << 4;
const VLAN_TYPE_VALID: u32 = 1 << 6;
/// 802.1Q's, if no type is there.
const VLAN: u16 = 0x8100;

/// An open socket.
pub(super) struct PacketSocket {
    socket: Socket,
    index: Option<usize>,
    framing: Framing,
    headers: MultiHeaders<LinkAddr>,
    buffer: Vec<u8>,
    snap_len: usize,
    metas: Vec<Meta>,
}

/// What the kernel says of a packet.
struct Meta {
    /// How many bytes of it are in the buffer, and how long it was.
    len: usize,
    original_len: usize,
    time: Option<Timestamp>,
    /// The tag that was taken off: its type, and what it says.
    tag: Option<(u16, u16)>,
    from: Option<LinkAddr>,
}

/// A packet, and how long it was on the wire.
pub(super) struct Frame<'a> {
    pub(super) time: Option<Timestamp>,
    pub(super) original_len: u32,
    pub(super) bytes: &'a [u8],
}

impl PacketSocket {
    pub(super) fn open(
        device: &Device,
        snap_len: usize,
        is_promiscuous: bool,
        filter: Option<&[Instruction]>,
    ) -> io::Result<Self> {
        let framing = device.framing();
        let kind = if framing == Framing::Cooked { SockType::Datagram } else { SockType::Raw };
        let flags = SockFlag::SOCK_CLOEXEC | SockFlag::SOCK_NONBLOCK;
        let socket = Socket::from(socket(AddressFamily::Packet, kind, flags, SockProtocol::EthAll)?);
        if let Some(address) = &device.address {
            bind(socket.as_raw_fd(), address)?;
        }
        // What the kernel allows: a rate that lasts is kept up with anyway.
        if setsockopt(&socket, RcvBufForce, &BUFFER).is_err() {
            let _ = setsockopt(&socket, RcvBuf, &SMALL_BUFFER);
        }
        setsockopt(&socket, ReceiveTimestampns, &true)?;
        setsockopt(&socket, AuxiliaryData, &true)?;
        if let (true, Some(index)) = (is_promiscuous, device.index()) {
            promiscuous(&socket, index)?;
        }
        if let Some(filter) = filter {
            let filter: Vec<_> = filter.iter().map(|of| SockFilter::new(of.code, of.jt, of.jf, of.k)).collect();
            socket.attach_filter(&filter)?;
        }
        let headers = MultiHeaders::preallocate(BATCH, Some(cmsg_space!(TimeSpec, libc::tpacket_auxdata)));
        let buffer = vec![0; BATCH * snap_len];
        let mut socket = Self { socket, index: device.index(), framing, headers, buffer, snap_len, metas: Vec::new() };
        socket.forget()?;
        Ok(socket)
    }

    /// Leaves out what came before the socket was bound and had its filter.
    fn forget(&mut self) -> io::Result<()> {
        while self.receive()? == BATCH {}
        self.metas.clear();
        self.dropped().map(drop)
    }

    pub(super) fn fd(&self) -> BorrowedFd<'_> {
        self.socket.as_fd()
    }

    /// How many the kernel dropped for want of room since that was asked last.
    pub(super) fn dropped(&self) -> io::Result<u64> {
        Ok(getsockopt(&self.socket, Statistics)?.tp_drops.into())
    }

    /// Reads what there is, a batch at most; 0 if there is nothing.
    pub(super) fn receive(&mut self) -> io::Result<usize> {
        self.metas.clear();
        let mut slices: Vec<_> = self.buffer.chunks_mut(self.snap_len).map(|chunk| [IoSliceMut::new(chunk)]).collect();
        let flags = MsgFlags::MSG_DONTWAIT | MsgFlags::MSG_TRUNC;
        let received = match recvmmsg(self.socket.as_raw_fd(), &mut self.headers, slices.iter_mut(), flags, None) {
            Ok(received) => received,
            Err(Errno::EAGAIN | Errno::EINTR) => return Ok(0),
            Err(error) => return Err(error.into()),
        };
        for message in received {
            let len = message.bytes.min(self.snap_len);
            let mut meta = Meta { len, original_len: message.bytes, time: None, tag: None, from: message.address };
            for said in message.cmsgs().into_iter().flatten() {
                meta.hear(&said);
            }
            self.metas.push(meta);
        }
        Ok(self.metas.len())
    }

    /// The packets that were read, each as it was on the wire: the tag put back, or what was in front of the network layer told.
    pub(super) fn frame<'a>(&'a self, number: usize, whole: &'a mut Vec<u8>) -> Option<Frame<'a>> {
        let meta = self.metas.get(number)?;
        // Between its being made and its being bound a socket hears all interfaces.
        if self.index.is_some() && meta.from.map(|from| from.ifindex()) != self.index {
            return None;
        }
        // What goes out on the loopback comes in again.
        if meta.from.is_some_and(|from| from.hatype() == LOOPBACK && from.pkttype() == libc::PACKET_OUTGOING) {
            return None;
        }
        let bytes = self.buffer.get(number * self.snap_len..)?.get(..meta.len)?;
        let (mut bytes, mut original_len) = (bytes, meta.original_len);
        match (self.framing, meta.from, meta.tag) {
            (Framing::Cooked, Some(from), tag) => {
                whole.clear();
                cook(whole, &from, tag);
                original_len += whole.len();
                whole.extend_from_slice(bytes);
                bytes = whole;
            }
            (Framing::Ethernet, _, Some((kind, tag))) if bytes.len() >= 12 => {
                let (addresses, rest) = bytes.split_at(12);
                whole.clear();
                whole.extend_from_slice(addresses);
                whole.extend([kind, tag].map(u16::to_be_bytes).as_flattened());
                whole.extend_from_slice(rest);
                original_len += 4;
                bytes = whole;
            }
            _ => {}
        }
        let bytes = bytes.get(..self.snap_len).unwrap_or(bytes);
        Some(Frame { time: meta.time, original_len: original_len as u32, bytes })
    }
}

impl Meta {
    /// What comes beside a packet.
    fn hear(&mut self, said: &ControlMessageOwned) {
        match said {
            ControlMessageOwned::ScmTimestampns(time) => {
                self.time = Some(Timestamp { seconds: time.tv_sec(), nanoseconds: time.tv_nsec() as u32 });
            }
            ControlMessageOwned::Unknown(said)
                if said.cmsg_header.cmsg_level == libc::SOL_PACKET
                    && said.cmsg_header.cmsg_type == libc::PACKET_AUXDATA =>
            {
                self.hear_auxiliary(&said.data_bytes);
            }
            _ => {}
        }
    }

    /// `tpacket_auxdata`, in the machine's order: status, length, captured length, two places, the tag, its type.
    fn hear_auxiliary(&mut self, data: &[u8]) {
        let word = |at: usize| data.get(at..).and_then(<[u8]>::first_chunk).copied().map(u32::from_ne_bytes);
        let half = |at: usize| data.get(at..).and_then(<[u8]>::first_chunk).copied().map(u16::from_ne_bytes);
        let (Some(status), Some(tag), Some(kind)) = (word(0), half(16), half(18)) else { return };
        if status & VLAN_VALID != 0 {
            self.tag = Some((if status & VLAN_TYPE_VALID != 0 { kind } else { VLAN }, tag));
        }
        // A filter that cuts leaves the length here alone.
        self.original_len = word(4).map_or(self.original_len, |len| self.original_len.max(len as usize));
    }
}

/// Linux cooked, version 2 (LINKTYPE_LINUX_SLL2): what the kernel says of what it took off; and a tag, which stands behind it.
fn cook(out: &mut Vec<u8>, from: &LinkAddr, tag: Option<(u16, u16)>) {
    let protocol = from.protocol().to_ne_bytes();
    out.extend_from_slice(&tag.map_or(protocol, |(kind, _)| kind.to_be_bytes()));
    out.extend_from_slice(&[0, 0]);
    out.extend_from_slice(&(from.ifindex() as u32).to_be_bytes());
    out.extend_from_slice(&from.hatype().to_be_bytes());
    let len = from.halen().min(6);
    out.extend_from_slice(&[from.pkttype(), len as u8]);
    let mut address = from.addr().unwrap_or_default();
    address.iter_mut().skip(len).for_each(|byte| *byte = 0);
    out.extend_from_slice(&address);
    out.extend_from_slice(&[0, 0]);
    if let Some((_, tag)) = tag {
        out.extend_from_slice(&tag.to_be_bytes());
        out.extend_from_slice(&protocol);
    }
}

/// Has an interface take in what is for others, for as long as the socket is open.
fn promiscuous(socket: &Socket, index: usize) -> io::Result<()> {
    let membership = libc::packet_mreq {
        mr_ifindex: index as i32,
        mr_type: libc::PACKET_MR_PROMISC as u16,
        mr_alen: 0,
        mr_address: [0; 8],
    };
    Ok(setsockopt(socket, AddMembership, &membership)?)
}
