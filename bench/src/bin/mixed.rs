//! Writes the shuffled mix as a capture, again and again up to a size in bytes: `mixed FILE BYTES`.

use std::fs::File;
use std::io::{BufWriter, Write};

use bench::mix::{ALL, Mix};

fn main() -> std::io::Result<()> {
    let [_, path, size]: [String; 3] = std::env::args().collect::<Vec<_>>().try_into().expect("mixed FILE BYTES");
    let size: usize = size.parse().expect("a number of bytes");
    let mut file = BufWriter::new(File::create(path)?);
    // pcap's header: version 2.4, records of up to 65535 bytes, Ethernet.
    for word in [0xa1b2_c3d4_u32, 0x0004_0002, 0, 0, 65_535, 1] {
        file.write_all(&word.to_le_bytes())?;
    }
    let mix = Mix::new(&ALL, 0, 400);
    let (mut written, mut micros) = (0, 0_u32);
    while written < size {
        for packet in mix.iter() {
            micros = (micros + 7) % 1_000_000;
            for word in [1_700_000_000, micros, packet.len() as u32, packet.len() as u32] {
                file.write_all(&word.to_le_bytes())?;
            }
            file.write_all(packet)?;
            written += 16 + packet.len();
        }
    }
    file.flush()
}
