//! The colours of what is written.

use std::io::{self, Write};

use anstyle::{AnsiColor, Style};

use super::args::Color;

/// The colours of what is written; plain where there are to be none.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Palette {
    pub(super) dim: Style,
    pub(super) protocol: Style,
    pub(super) tunnel: Style,
    pub(super) error: Style,
    pub(super) heading: Style,
}

impl Palette {
    pub(super) const COLORED: Self = Self {
        dim: Style::new().dimmed(),
        protocol: AnsiColor::Green.on_default(),
        tunnel: AnsiColor::Cyan.on_default(),
        error: AnsiColor::Red.on_default().bold(),
        heading: Style::new().bold(),
    };

    /// Coloured or plain, as a person wants it.
    pub(super) fn new(color: Color) -> Self {
        let is_colored = match color {
            Color::Always => true,
            Color::Never => false,
            // Heeds NO_COLOR, CLICOLOR and TERM.
            Color::Auto => anstream::AutoStream::choice(&io::stdout()) != anstream::ColorChoice::Never,
        };
        if is_colored { Self::COLORED } else { Self::default() }
    }
}

/// Begins a style. Most often there is none, and nothing to be formatted.
pub(super) fn begin(out: &mut Vec<u8>, style: Style) {
    if style != Style::new() {
        // Writing to a vector cannot fail.
        let _ = write!(out, "{style}");
    }
}

/// Ends it.
pub(super) fn end(out: &mut Vec<u8>, style: Style) {
    if style != Style::new() {
        let _ = write!(out, "{style:#}");
    }
}
