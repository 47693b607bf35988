//! What a filter consists of in the end: comparisons of bytes, put together.

/// Something that is true of a packet or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Node {
    All(Vec<Node>),
    Any(Vec<Node>),
    Not(Box<Node>),
    Check(Check),
}

/// A comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Check {
    pub(super) at: At,
    pub(super) size: Size,
    pub(super) mask: u32,
    pub(super) test: Test,
    pub(super) value: u32,
}

/// Where the bytes are, behind so many tags.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum At {
    /// In an Ethernet header.
    Ethernet(u32),
    /// What the network layer is.
    Type {
        tags: u32,
    },
    /// The tag in front of it.
    Tag {
        tags: u32,
    },
    Network {
        tags: u32,
        offset: u32,
    },
    /// Behind an IPv4 header.
    Transport {
        tags: u32,
        offset: u32,
    },
    /// The packet's length.
    Length,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Size {
    Byte,
    Half,
    Word,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Test {
    Equal,
    Greater,
    GreaterOrEqual,
    Set,
}

impl Node {
    pub(super) fn equal(at: At, size: Size, value: u32) -> Self {
        Self::masked(at, size, u32::MAX, value)
    }

    pub(super) fn masked(at: At, size: Size, mask: u32, value: u32) -> Self {
        Self::Check(Check { at, size, mask, test: Test::Equal, value })
    }

    pub(super) fn test(at: At, size: Size, test: Test, value: u32) -> Self {
        Self::Check(Check { at, size, mask: u32::MAX, test, value })
    }

    pub(super) fn negated(self) -> Self {
        Self::Not(Box::new(self))
    }

    /// Whether a tag is asked for.
    pub(super) fn asks_for_tags(&self) -> bool {
        match self {
            Self::All(nodes) | Self::Any(nodes) => nodes.iter().any(Self::asks_for_tags),
            Self::Not(node) => node.asks_for_tags(),
            Self::Check(Check { at, .. }) => match at {
                At::Tag { .. } => true,
                At::Type { tags } | At::Network { tags, .. } | At::Transport { tags, .. } => *tags > 0,
                At::Ethernet(_) | At::Length => false,
            },
        }
    }
}
