//! One queue of one device, and where its frames are.
//!
//! Each frame of the memory is in one place: free, with the kernel to be filled, here, or with the kernel to be sent. A socket has at most
//! [`RING`] with the kernel each way, and all its rings hold as many: none is ever full, and what two sockets together have at most, the
//! memory has ([`FRAMES`]).

use std::os::fd::{AsFd, BorrowedFd};

use anyhow::Context;
use xdp::slab::{Slab, StackSlab};
use xdp::socket::{XdpSocket, XdpSocketBuilder};
use xdp::{Packet, RingConfigBuilder, Umem, WakableRings};
use xdp_loader::device::Device;

/// The entries of each ring.
pub const RING: usize = 1024;
/// The frames that two sockets need: both ways of each.
pub const FRAMES: usize = 4 * RING;
/// So many frames are taken at a time: in copy mode the kernel sends no more at once.
pub const BATCH: usize = 32;

/// A socket, with memory that others have too.
pub struct Socket {
    socket: XdpSocket,
    rings: WakableRings,
    /// How many the kernel has to be filled, and to be sent.
    filling: usize,
    sending: usize,
}

impl Socket {
    /// At a queue of a device. Each socket has the memory registered as if it were its own alone: so it has a fill and a completion ring of
    /// its own, as one that shares another's across devices would, too.
    ///
    /// # Safety
    ///
    /// The socket is given this memory ever after, which outlives it, and all frames that it hands out.
    ///
    /// # Errors
    ///
    /// If the kernel allows it not.
    pub unsafe fn bind(device: &Device, queue: u32, umem: &mut Umem) -> anyhow::Result<Self> {
        let mut builder = XdpSocketBuilder::new()?;
        let ring = u32::try_from(RING)?;
        let config = RingConfigBuilder { rx_count: ring, tx_count: ring, fill_count: ring, completion_count: ring };
        let (rings, flags) = builder.build_wakable_rings(umem, config.build()?)?;
        let socket = builder
            .bind(xdp::nic::NicIndex::new(device.index), queue, flags)
            .with_context(|| format!("no socket at queue {queue} of {}", device.name))?;
        let mut socket = Self { socket, rings, filling: 0, sending: 0 };
        socket.fill(umem)?;
        Ok(socket)
    }

    /// Takes what arrived, as much as there is room for.
    pub fn receive(&mut self, umem: &Umem, received: &mut StackSlab<BATCH>) {
        let Some(ring) = &mut self.rings.rx_ring else { return };
        // SAFETY: the memory outlives the frames (`bind`).
        self.filling -= unsafe { ring.recv(umem, received) };
    }

    /// Has a frame sent when the kernel is told next; gives it back if the kernel has too many that it did not send yet.
    ///
    /// # Errors
    ///
    /// The frame.
    pub fn send(&mut self, packet: Packet) -> Result<(), Packet> {
        let ring = self.rings.tx_ring.as_mut().filter(|_| self.sending < RING);
        let Some(ring) = ring else { return Err(packet) };
        let mut one = StackSlab::<1>::new();
        one.push_front(packet);
        // SAFETY: as in `receive`.
        self.sending += unsafe { ring.send(&mut one, false) }.unwrap_or_default();
        one.pop_back().map_or(Ok(()), Err)
    }

    /// Takes back what was sent, and gives the kernel free frames to be filled.
    ///
    /// # Errors
    ///
    /// As [`fill`](Self::fill).
    pub fn turn(&mut self, umem: &mut Umem) -> anyhow::Result<()> {
        self.sending -= self.rings.completion_ring.dequeue(umem, RING);
        self.fill(umem)
    }

    /// # Errors
    ///
    /// None that is known: the crate's call can fail only where it is to tell the kernel.
    fn fill(&mut self, umem: &mut Umem) -> anyhow::Result<()> {
        // SAFETY: as in `receive`.
        self.filling += unsafe { self.rings.fill_ring.enqueue(umem, RING - self.filling, false) }?;
        Ok(())
    }

    /// How many frames the kernel has.
    #[must_use]
    pub fn frames(&self) -> usize {
        self.filling + self.sending
    }

    /// Whether the kernel has frames that it did not send yet.
    #[must_use]
    pub const fn is_sending(&self) -> bool {
        self.sending > 0
    }

    /// How many packets the kernel had no frame or no room for.
    ///
    /// # Errors
    ///
    /// If the kernel does not tell.
    pub fn missed(&self) -> anyhow::Result<u64> {
        let told = self.socket.statistics()?;
        Ok(told.rx_dropped + told.rx_ring_full + told.rx_fill_ring_empty_descs)
    }
}

impl AsFd for Socket {
    fn as_fd(&self) -> BorrowedFd<'_> {
        // SAFETY: the socket is open as long as it is borrowed.
        unsafe { BorrowedFd::borrow_raw(self.socket.raw_fd()) }
    }
}
