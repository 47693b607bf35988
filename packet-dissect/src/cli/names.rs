//! Names that a person gives: what they mean, and what is most like one that is not known.

use crate::fields::Field;

use super::streams::Stop;

/// The known name that is most like `name`.
pub(super) fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> &'a str {
    let likeness = |known: &str| strsim::jaro_winkler(name, known);
    known.max_by(|a, b| likeness(a).total_cmp(&likeness(b))).unwrap_or_default()
}

/// The same, if it is near: a word of another language is nobody's typing error.
pub(super) fn near<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let nearest = nearest(name, known);
    let most = (name.chars().count() / 3).max(1);
    (strsim::osa_distance(name, nearest) <= most).then_some(nearest)
}

/// The field of a name.
pub(super) fn field_by_name(name: &str) -> Result<Field, Stop> {
    Field::ALL.iter().copied().find(|field| field.name() == name).ok_or_else(|| {
        let nearest = nearest(name, Field::ALL.iter().map(|field| field.name()));
        Stop::Usage(format!("unknown field {name:?}; the nearest known one is {nearest:?}"))
    })
}
