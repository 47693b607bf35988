//! One thread's work: a queue of the underlay, one of the overlay, and the memory that both have their frames in.

use std::os::fd::AsFd;
use std::sync::atomic::{AtomicBool, Ordering};

use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use xdp::Umem;
use xdp::slab::{Slab, StackSlab};
use xdp::umem::{FrameSize, UmemCfgBuilder};
use xdp_loader::device::Device;

use crate::counts::{Counts, Reason, Verdict};
use crate::frame::{Frame, HEADROOM};
use crate::socket::{BATCH, FRAMES, Socket};
use crate::vtep::Vtep;

/// How long a thread without work waits, in milliseconds, before it looks whether it has to end; and before it looks whether the kernel has
/// sent what it was given.
const IDLE: u16 = 100;
const SENDING: u16 = 1;

/// The two sockets and their memory. What is dropped first stands first: no socket outlives the memory.
pub struct Queue {
    /// The one that other nodes are behind.
    pub underlay: Socket,
    /// The one that pods are behind.
    pub overlay: Socket,
    counts: Counts,
    umem: Umem,
}

impl Queue {
    /// Of this number, of both devices.
    ///
    /// # Errors
    ///
    /// If the kernel allows it not.
    pub fn new(underlay: &Device, overlay: &Device, number: u32) -> anyhow::Result<Self> {
        let (frame_size, head_room) = (FrameSize::FourK, u32::try_from(HEADROOM)?);
        let frame_count = u32::try_from(FRAMES)?;
        let config = UmemCfgBuilder { frame_size, head_room, frame_count, ..UmemCfgBuilder::default() };
        let mut umem = Umem::map(config.build()?)?;
        // SAFETY: they are in one struct, the memory last; and no frame leaves `turn`, which has both.
        let underlay = unsafe { Socket::bind(underlay, number, &mut umem) }?;
        // SAFETY: as above.
        let overlay = unsafe { Socket::bind(overlay, number, &mut umem) }?;
        Ok(Self { underlay, overlay, counts: Counts::default(), umem })
    }

    /// Works until it is told to end, and says what became of all frames.
    ///
    /// # Errors
    ///
    /// If the kernel does not wait, or does not tell what it dropped.
    pub fn run(mut self, vtep: &Vtep, ends: &AtomicBool) -> anyhow::Result<Counts> {
        let mut received = StackSlab::new();
        while !ends.load(Ordering::Relaxed) {
            let is_idle = self.turn(vtep, &mut received)?;
            let is_sending = self.underlay.is_sending() || self.overlay.is_sending();
            self.wait(match (is_idle, is_sending) {
                (false, _) => 0,
                (true, true) => SENDING,
                (true, false) => IDLE,
            })?;
        }
        self.counts.missed = self.underlay.missed()? + self.overlay.missed()?;
        let frames = self.underlay.frames() + self.overlay.frames() + self.umem.allocatable();
        self.counts.lost = u64::try_from(FRAMES - frames)?;
        Ok(self.counts)
    }

    /// Takes a batch each way; whether there was nothing.
    fn turn(&mut self, vtep: &Vtep, received: &mut StackSlab<BATCH>) -> anyhow::Result<bool> {
        let Self { underlay, overlay, counts, umem } = self;
        underlay.receive(umem, received);
        let mut is_idle = received.is_empty();
        while let Some(packet) = received.pop_back() {
            let mut frame = Frame::received(packet);
            let verdict = vtep.decapsulate(&mut frame);
            counts.taken_apart += pass(frame, verdict, (underlay, overlay), counts, umem);
        }
        overlay.receive(umem, received);
        is_idle &= received.is_empty();
        while let Some(packet) = received.pop_back() {
            let mut frame = Frame::received(packet);
            let verdict = vtep.encapsulate(&mut frame);
            counts.put_in += pass(frame, verdict, (overlay, underlay), counts, umem);
        }
        underlay.turn(umem)?;
        overlay.turn(umem)?;
        Ok(is_idle)
    }

    /// Waits until something arrives, at most so long. The call has the kernel send what is in the rings too, in copy mode, and wakes the
    /// driver where it wants to be: one call serves both sockets, both ways.
    fn wait(&self, milliseconds: u16) -> anyhow::Result<()> {
        let mut sockets = [&self.underlay, &self.overlay].map(|socket| PollFd::new(socket.as_fd(), PollFlags::POLLIN));
        match poll(&mut sockets, PollTimeout::from(milliseconds)) {
            Ok(_) | Err(Errno::EINTR) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}

/// Does with a frame from one socket to the other as was said; counts it, but for one that goes across, which is one if it went.
fn pass(
    frame: Frame,
    verdict: Verdict,
    (from, to): (&mut Socket, &mut Socket),
    counts: &mut Counts,
    umem: &mut Umem,
) -> u64 {
    let packet = frame.into_packet();
    let (sent, reason) = match verdict {
        Verdict::Across => (to.send(packet), Reason::Crowded),
        Verdict::Back => (from.send(packet), Reason::Crowded),
        Verdict::Drop(reason) => (Err(packet), reason),
    };
    match sent {
        Ok(()) => {
            counts.answered += u64::from(verdict == Verdict::Back);
            u64::from(verdict == Verdict::Across)
        }
        Err(packet) => {
            umem.free_packet(packet);
            counts.drop(reason);
            0
        }
    }
}
