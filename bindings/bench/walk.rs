//! Nanoseconds a packet that Rust's walk takes by internal iteration, where it writes down what `cc_walk_batch` does, of the first frame of a
//! capture with so many layers.
//!
//! usage: walk CAPTURE LAYERS

use std::error::Error;
use std::fs::File;
use std::hint::black_box;
use std::time::Instant;

use packet_dissect::{Capture, LinkType, layers};

const BATCH: usize = 64;

/// What is written of a layer: where it begins, how long it is, what it is, and which carries it.
#[derive(Clone, Copy, Default)]
struct Place {
    _offset: u32,
    _length: u32,
    _kind: u16,
    _parent: u16,
    _is_quoted: u32,
}

/// Writes a packet's layers: how many there are.
fn walk(link_type: LinkType, bytes: &[u8], places: &mut [Place]) -> usize {
    layers(link_type, bytes).fold_ranges(0, |count, layer, range, is_quoted| {
        let Ok(layer) = layer else { return count };
        if let Some(place) = places.get_mut(count) {
            *place = Place {
                _offset: range.start as u32,
                _length: range.len() as u32,
                _kind: layer.kind() as u16,
                _parent: (count as u16).wrapping_sub(1),
                _is_quoted: is_quoted.into(),
            };
        }
        count + 1
    })
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut words = std::env::args().skip(1);
    let path = words.next().ok_or("usage: walk CAPTURE LAYERS")?;
    let wanted: usize = words.next().ok_or("usage: walk CAPTURE LAYERS")?.parse()?;
    let mut capture = Capture::new(File::open(path)?)?;
    let (link_type, bytes) = loop {
        let record = capture.next_record().ok_or("no frame has so many layers")??;
        if layers(record.link_type, record.bytes).count() == wanted {
            break (record.link_type, record.bytes.to_vec());
        }
    };
    let packets = vec![(link_type, &*bytes); BATCH];
    let mut places = vec![Place::default(); BATCH * 32];
    let mut least = f64::INFINITY;
    for _ in 0..300 {
        let start = Instant::now();
        for _ in 0..50 {
            let mut used = 0;
            for (link_type, bytes) in black_box(&packets) {
                used += walk(*link_type, bytes, places.get_mut(used..).unwrap_or_default());
            }
            assert_eq!(used, BATCH * wanted);
            black_box(&places);
        }
        least = least.min(start.elapsed().as_nanos() as f64 / (50 * BATCH) as f64);
    }
    println!("{least:.2}");
    Ok(())
}
