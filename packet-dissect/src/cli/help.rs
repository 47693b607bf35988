//! What the command line says of itself beyond `--help`: a manual page, completions, the language of filters in short.

use clap::builder::PossibleValuesParser;
use clap::{Arg, ArgAction, CommandFactory};
use clap_complete::Shell;

use crate::Layer;

use super::args::Command;
use super::names;
use super::streams::Stop;

/// What docs/filters.md says at length.
pub(super) const FILTERS: &str = include_str!("filters.txt");

/// The manual page, and behind it those of the subcommands' options. clap's synopsis leaves out what options take.
pub(super) fn manual() -> Result<Vec<u8>, Stop> {
    let mut page = Vec::new();
    let mut command = Command::command();
    let man = clap_mangen::Man::new(command.clone());
    man.render_title(&mut page)?;
    man.render_name_section(&mut page)?;
    command.build();
    page.extend(format!(".SH SYNOPSIS\n{}\n", synopsis(&command)).into_bytes());
    man.render_description_section(&mut page)?;
    man.render_options_section(&mut page)?;
    man.render_subcommands_section(&mut page)?;
    man.render_extra_section(&mut page)?;
    man.render_version_section(&mut page)?;
    Ok(page)
}

/// Every option with what it takes, and the files; dots where several may be given.
fn synopsis(command: &clap::Command) -> String {
    let mut text = format!("\\fB{}\\fR", command.get_name());
    let options = command.get_arguments().filter(|arg| !arg.is_positional());
    for arg in options.chain(command.get_positionals()).filter(|arg| !arg.is_hide_set()) {
        let name = match (arg.get_short(), arg.get_long()) {
            (Some(short), _) => format!("\\fB-{short}\\fR"),
            (None, Some(long)) => format!("\\fB--{long}\\fR"),
            (None, None) => String::new(),
        };
        let takes = arg.get_num_args().filter(|number| number.takes_values());
        let value = takes.map(|number| {
            let names = arg.get_value_names().unwrap_or_default().join(" ");
            if number.min_values() == 0 && !arg.is_positional() {
                format!("[\\fI{names}\\fR]")
            } else {
                format!("\\fI{names}\\fR")
            }
        });
        let gap = if name.is_empty() || value.is_none() { "" } else { " " };
        let is_repeated = matches!(arg.get_action(), ArgAction::Append | ArgAction::Count);
        let dots = if is_repeated { "..." } else { "" };
        text.push_str(&format!(" [{name}{gap}{}]{dots}", value.unwrap_or_default()));
    }
    text.push_str(&format!("\n.br\n\\fB{}\\fR \\fIcommand\\fR", command.get_name()));
    text.replace('-', "\\-")
}

/// What `help` says of an option, as in `help -Y`; `None` for other arguments.
pub(super) fn asked(arguments: impl Iterator<Item = String>) -> Option<String> {
    let arguments: Vec<_> = arguments.skip(1).collect();
    let [help, option] = &arguments[..] else { return None };
    let name = option.strip_prefix('-').filter(|_| help == "help")?;
    let is_it = |arg: &Arg| match name.strip_prefix('-') {
        Some(long) => arg.get_long() == Some(long),
        None => arg.get_short().is_some_and(|short| name.chars().eq([short])),
    };
    let command = Command::command();
    let id = command.get_arguments().find(|arg| is_it(arg))?.get_id().clone();
    let only = command.disable_help_flag(true).mut_args(|arg| if *arg.get_id() == id { arg } else { arg.hide(true) });
    let mut text = only.help_template("{options}\n").render_help().to_string();
    if id == "filter" {
        text.push_str(&format!("\n{FILTERS}"));
    }
    Some(text)
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
