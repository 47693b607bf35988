//! How a capture's clock stands to another's, as the user says it.

/// Farther off, in seconds, is no clock, and none gains more, in millionths.
const MAX_OFFSET: f64 = 4e9;
const MAX_DRIFT: f64 = 1e5;

/// What the user says of a clock.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Given {
    /// How much it is ahead of the other when its own capture begins, in nanoseconds.
    pub(super) offset: i64,
    /// How much it gains from then on, in nanoseconds a nanosecond, if that is known.
    pub(super) drift: Option<f64>,
}

impl Given {
    /// Of `OFFSET[,PPM]`: seconds that it is ahead, and millionths that it gains.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let (offset, drift) = text.split_once(',').map_or((text, None), |(offset, drift)| (offset, Some(drift)));
        let number = |text: &str, most: f64| text.parse().ok().filter(|number: &f64| number.abs() <= most);
        let offset = number(offset, MAX_OFFSET).ok_or("it must be ahead by seconds, such as -0.000012")?;
        let drift = drift.map(|drift| number(drift, MAX_DRIFT).ok_or("it must gain millionths, such as -1.5"));
        let drift = drift.transpose()?.map(|millionths| millionths / 1e6);
        Ok(Self { offset: (offset * 1e9).round() as i64, drift })
    }
}

#[cfg(test)]
mod tests {
    use super::Given;

    #[test]
    fn as_text() {
        let given = |offset, drift| Ok(Given { offset, drift });
        assert_eq!(Given::parse("+3"), given(3_000_000_000, None));
        assert_eq!(Given::parse("-0.000012"), given(-12_000, None));
        assert_eq!(Given::parse("0.000000001,-2"), given(1, Some(-2e-6)));
        assert_eq!(Given::parse("3,50"), given(3_000_000_000, Some(50e-6)));
        for text in ["", "3s", "3,", ",3", "3,50,1", "nan", "inf", "1e10", "0,1e6", "0,nan"] {
            assert!(Given::parse(text).is_err(), "{text}");
        }
    }
}
