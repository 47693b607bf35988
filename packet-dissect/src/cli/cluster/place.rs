//! Where a packet comes from and goes to.

use std::fmt;

use crate::Outside;
use crate::fields::{Field, FieldVisitor};

use super::model::Place;

/// Where a packet comes from and goes to.
#[derive(Debug, Clone, Copy, Default)]
pub(in super::super) struct Way<'a> {
    pub(in super::super) source: Option<Place<'a>>,
    pub(in super::super) destination: Option<Place<'a>>,
}

impl Way<'_> {
    /// The fields of ours that tell it.
    pub(in super::super) fn visit(&self, v: &mut impl FieldVisitor) {
        if let Some(place) = self.source {
            v.words(Field::FlannelSourceNode, &place.node);
            v.text(Field::FlannelSourceBackend, place.backend);
        }
        if let Some(place) = self.destination {
            v.words(Field::FlannelDestinationNode, &place.node);
            v.text(Field::FlannelDestinationBackend, place.backend);
        }
    }
}

/// As a line has it: `192.0.2.1 > 192.0.2.2 by udp`.
impl fmt::Display for Way<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let node = |place: Option<Place<'_>>| place.map_or("?".to_owned(), |place| place.node.to_string());
        write!(f, "{} > {}", node(self.source), node(self.destination))?;
        let backends =
            [self.source, self.destination].map(|place| place.map(|place| Outside(place.backend.as_bytes())));
        match backends {
            [Some(one), Some(other)] if one != other => write!(f, " by {one}, {other}"),
            [Some(backend), _] | [_, Some(backend)] => write!(f, " by {backend}"),
            [None, None] => Ok(()),
        }
    }
}
