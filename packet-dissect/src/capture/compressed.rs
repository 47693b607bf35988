//! Compressed files, told by their first bytes.
//!
//! | format | begins with | source | memory |
//! | --- | --- | --- | --- |
//! | gzip | `1f 8b` | RFC 1952 | 32 KiB |
//! | zstd | `28 b5 2f fd`, or a frame to be skipped: `5x 2a 4d 18` | RFC 8878 | 100 MiB |
//! | lz4 | `04 22 4d 18` | LZ4 frame format 1.6 | 8 MiB |
//! | xz | `fd 37 7a 58 5a 00` | xz file format 1.2 | 128 MiB |
//! | bzip2 | `BZh` | bzip2 1.0 | 4 MiB |
//!
//! Memory is what a file can ask for at most; one that asks for more is refused. Several of a format behind each other are one, as the
//! formats' own programs have it.

use std::io::{self, BufRead, BufReader, Read};

use bzip2::read::MultiBzDecoder;
use flate2::read::MultiGzDecoder;
use lz4_flex::frame::FrameDecoder as Lz4Decoder;
use lzma_rust2::XzReader;
use ruzstd::decoding::errors::{FrameDecoderError, ReadFrameHeaderError};
use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};

/// The most that xz may take, in KiB: what its own strongest setting does twice over.
const MAX_XZ: u32 = 1 << 17;

/// The bytes decompressed, if they begin as a compressed file.
pub(super) fn open(magic: &[u8], source: impl Read + Send + 'static) -> Box<dyn Read + Send> {
    match magic {
        [0x1f, 0x8b, ..] => Box::new(MultiGzDecoder::new(source)),
        [0x28, 0xb5, 0x2f, 0xfd, ..] | [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..] => Box::new(ZstdReader::new(source)),
        [0x04, 0x22, 0x4d, 0x18, ..] => Box::new(Lz4Reader(Lz4Decoder::new(BufReader::new(source)))),
        [0xfd, b'7', b'z', b'X', b'Z', 0, ..] => Box::new(XzReader::new_mem_limit(source, true, MAX_XZ)),
        [b'B', b'Z', b'h', ..] => Box::new(MultiBzDecoder::new(source)),
        _ => Box::new(source),
    }
}

/// LZ4's frames back to back, each of which lz4_flex ends as if it were the last.
struct Lz4Reader<R: Read>(Lz4Decoder<BufReader<R>>);

impl<R: Read> Read for Lz4Reader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let len = self.0.read(buffer)?;
            if len > 0 || buffer.is_empty() || self.0.get_mut().fill_buf()?.is_empty() {
                return Ok(len);
            }
        }
    }
}

/// A frame with a window of 1 KiB and nothing in it (RFC 8878 §3.1.1).
const EMPTY: &[u8] = &[0x28, 0xb5, 0x2f, 0xfd, 0, 0, 1, 0, 0];

/// Zstandard's frames back to back, which ruzstd reads one at a time.
struct ZstdReader<R> {
    source: BufReader<R>,
    frame: FrameDecoder,
    /// Whether the frame has begun and has more.
    is_within: bool,
}

impl<R: Read> ZstdReader<R> {
    fn new(source: R) -> Self {
        let mut frame = FrameDecoder::new();
        // An empty frame goes before all others: ruzstd looks at the window's size from the second on.
        let _ = frame.reset(EMPTY);
        Self { source: BufReader::new(source), frame, is_within: false }
    }

    /// Goes on to the next frame that is none to be skipped. `false` at the end.
    fn begin(&mut self) -> io::Result<bool> {
        while !self.source.fill_buf()?.is_empty() {
            match self.frame.reset(&mut self.source) {
                Ok(()) => return Ok(true),
                Err(FrameDecoderError::ReadFrameHeaderError(ReadFrameHeaderError::SkipFrame { length, .. })) => {
                    io::copy(&mut self.source.by_ref().take(length.into()), &mut io::sink())?;
                }
                Err(error) => return Err(zstd_error(error)),
            }
        }
        Ok(false)
    }
}

impl<R: Read> Read for ZstdReader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            if !self.is_within && !self.begin()? {
                return Ok(0);
            }
            self.is_within = true;
            while self.frame.can_collect() < buffer.len() && !self.frame.is_finished() {
                let missing = buffer.len() - self.frame.can_collect();
                let decoded = self.frame.decode_blocks(&mut self.source, BlockDecodingStrategy::UptoBytes(missing));
                decoded.map_err(zstd_error)?;
            }
            let len = self.frame.read(buffer)?;
            if len > 0 || buffer.is_empty() {
                return Ok(len);
            }
            self.is_within = false;
        }
    }
}

/// What is wrong; that the file is cut short, if that is why.
fn zstd_error(error: FrameDecoderError) -> io::Error {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(&error);
    while let Some(error) = cause {
        if let Some(error) = error.downcast_ref::<io::Error>() {
            return error.kind().into();
        }
        cause = error.source();
    }
    io::Error::new(io::ErrorKind::InvalidData, error)
}
