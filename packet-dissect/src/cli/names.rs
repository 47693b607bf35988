//! Names that a person gives: what they mean, and what is most like one that is not known.

use crate::fields::Field;

use super::streams::Stop;
use super::undecoded;

/// The known name that is most like `name`, if it is near: a word of another language is nobody's typing error.
pub(super) fn near<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let likeness = |known: &str| strsim::jaro_winkler(name, known);
    let nearest = known.max_by(|a, b| likeness(a).total_cmp(&likeness(b)))?;
    let most = (name.chars().count() / 3).max(1);
    (strsim::osa_distance(name, nearest) <= most).then_some(nearest)
}

/// What to say of a name that is not known: the near one, or all of them.
pub(super) fn known<'a>(name: &str, known: impl Iterator<Item = &'a str> + Clone) -> String {
    match near(name, known.clone()) {
        Some(near) => format!("the nearest known one is {near:?}"),
        None => format!("known are {}", known.collect::<Vec<_>>().join(", ")),
    }
}

/// Fields that filters and tables of Wireshark's know, and that no packet has here.
const NEVER: [(Field, &str); 1] = [(Field::BgpCapLength, "a capability's own fields say more")];

/// The fields that packets can have.
pub(super) fn listed() -> impl Iterator<Item = Field> {
    Field::ALL.iter().copied().filter(|field| NEVER.iter().all(|(never, _)| never != field))
}

/// The field of a name, to be printed.
pub(super) fn field_to_print(name: &str) -> Result<Field, Stop> {
    let field = field_by_name(name)?;
    match NEVER.iter().find(|(never, _)| *never == field) {
        Some((_, why)) => Err(Stop::Usage(format!("-e {name} would always be empty: it is never read; {why}"))),
        None => Ok(field),
    }
}

/// The field of a name.
fn field_by_name(name: &str) -> Result<Field, Stop> {
    Field::ALL.iter().copied().find(|field| field.name() == name).ok_or_else(|| {
        let near = near(name, Field::ALL.iter().map(|field| field.name()));
        Stop::Usage(match (undecoded::protocol(name), undecoded::otherwise(name).as_deref().or(near)) {
            (Some((protocol, _)), _) => format!("unknown field {name:?}: {protocol} is not decoded here"),
            (None, Some(near)) => format!("unknown field {name:?}; the nearest known one is {near:?}"),
            (None, None) => format!("unknown field {name:?}; packet-dissect fields lists those that are known"),
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is listed is visited somewhere, or refused.
    #[test]
    fn fields_have_values() {
        let mut code = include_str!("../conversations.rs").to_owned();
        for folder in ["src/fields", "src/cli", "src/cli/cluster"] {
            let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
            let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
            let files = files
                .filter(|path| path.is_file() && !["table.rs", "width.rs"].iter().any(|name| path.ends_with(name)));
            files.for_each(|path| code.push_str(&std::fs::read_to_string(path).unwrap()));
        }
        let words: std::collections::HashSet<_> = code.split(|c: char| !c.is_alphanumeric()).collect();
        let missing: Vec<_> = Field::ALL.iter().filter(|field| !words.contains(&*format!("{field:?}"))).collect();
        assert!(missing.is_empty(), "{missing:?}");
    }
}
