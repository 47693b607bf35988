//! How values are compared, and of how many it must be true.

/// Of how many values something must be true.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Quantifier {
    Any,
    All,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Comparison {
    Equal,
    /// Of no value equal, as Wireshark has it since its fourth version.
    NotEqual,
    AllEqual,
    AnyNotEqual,
    Less,
    AtMost,
    Greater,
    AtLeast,
}

impl Comparison {
    pub(super) const ALL: [([&'static str; 2], Self); 9] = [
        (["===", "all_eq"], Self::AllEqual),
        (["!==", "any_ne"], Self::AnyNotEqual),
        (["~=", "any_ne"], Self::AnyNotEqual),
        (["==", "eq"], Self::Equal),
        (["!=", "ne"], Self::NotEqual),
        (["<=", "le"], Self::AtMost),
        ([">=", "ge"], Self::AtLeast),
        (["<", "lt"], Self::Less),
        ([">", "gt"], Self::Greater),
    ];

    pub(super) const fn quantifier(self) -> Quantifier {
        match self {
            Self::NotEqual | Self::AllEqual => Quantifier::All,
            _ => Quantifier::Any,
        }
    }
}
