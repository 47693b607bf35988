//! What the command line says of itself beyond `--help`: a manual page, completions, the language of filters in short.

use clap::CommandFactory;
use clap::builder::PossibleValuesParser;
use clap_complete::Shell;

use crate::Layer;

use super::args::Command;
use super::names;
use super::streams::Stop;

/// What docs/filters.md says at length.
pub(super) const FILTERS: &str = include_str!("filters.txt");

/// The manual page, or that of a command.
pub(super) fn manual(of: Option<&str>) -> Result<Vec<u8>, Stop> {
    let mut page = Vec::new();
    let mut command = Command::command().disable_help_subcommand(true);
    // Commands are called by their whole names from then on.
    command.build();
    let shown = of.and_then(|name| command.find_subcommand(name)).unwrap_or(&command);
    clap_mangen::Man::new(shown.clone()).render(&mut page)?;
    if of == Some("filters") {
        page.extend_from_slice(b".SH LANGUAGE\n.nf\n");
        FILTERS.lines().for_each(|line| page.extend_from_slice(roff(line).as_bytes()));
        page.extend_from_slice(b".fi\n");
    }
    Ok(page)
}

/// A line that stays as it is: nothing in it is a request (groff(7)).
fn roff(line: &str) -> String {
    format!("\\&{}\n", line.replace('\\', "\\e").replace('-', "\\-"))
}

/// A script that completes the command line, the names of fields too: after -e, and where a test begins. They are values here alone, since
/// otherwise what is wrong would be told by a list of all of them.
pub(super) fn completions(shell: Shell) -> Vec<u8> {
    let fields = || names::listed().map(|field| field.name());
    let tested = || fields().chain(Layer::NAMES.iter().copied());
    let mut command = Command::command()
        .mut_arg("fields", |arg| arg.value_parser(PossibleValuesParser::new(fields())))
        .mut_arg("filter", |arg| arg.value_parser(PossibleValuesParser::new(tested())));
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut command, "packet-dissect", &mut script);
    script
}
