//! Open sets: numbers that a registry hands out, where an unknown value is a value and not an error.

/// Declares a newtype over a wire integer with named constants.
///
/// ```
/// ether_ip::open_set! {
///     /// A fruit's number.
///     pub struct Fruit(u8) {
///         /// Grows on trees.
///         APPLE = 1, "apple";
///     }
/// }
/// assert_eq!(Fruit::APPLE.to_string(), "apple");
/// assert_eq!(Fruit(7).to_string(), "7");
/// assert_eq!(Fruit(7).name(), None);
/// ```
#[macro_export]
macro_rules! open_set {
    (
        $(#[$meta:meta])*
        pub struct $set:ident($int:ty) {
            $( $(#[$doc:meta])* $constant:ident = $value:expr, $name:expr; )*
        }
    ) => {
        $(#[$meta])*
        ///
        /// An open set: any value can be held, the constants are the ones that have a name.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
        pub struct $set(pub $int);

        impl $set {
            $( $(#[$doc])* pub const $constant: Self = Self($value); )*

            /// The value's name, if it has one here.
            #[must_use]
            pub const fn name(self) -> Option<&'static str> {
                match self {
                    $( Self::$constant => Some($name), )*
                    _ => None,
                }
            }
        }

        impl core::fmt::Display for $set {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                match self.name() {
                    Some(name) => f.write_str(name),
                    None => core::fmt::Display::fmt(&self.0, f),
                }
            }
        }

        impl From<$int> for $set {
            #[inline]
            fn from(value: $int) -> Self {
                Self(value)
            }
        }

        impl From<$set> for $int {
            #[inline]
            fn from(value: $set) -> Self {
                value.0
            }
        }
    };
}
