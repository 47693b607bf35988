//! What the command line says of itself beyond `--help`: a manual page, completions, the language of filters in short.

use clap::builder::PossibleValuesParser;
use clap::error::{ContextKind, ContextValue};
use clap::{Arg, ArgAction, CommandFactory};
use clap_complete::Shell;

use crate::Layer;

use super::args::Command;
use super::names;
use super::streams::Stop;

/// What docs/filters.md says at length.
pub(super) const FILTERS: &str = include_str!("filters.txt");

/// The manual page, or that of a command. clap's synopsis leaves out what options take.
pub(super) fn manual(of: Option<&str>) -> Result<Vec<u8>, Stop> {
    let mut page = Vec::new();
    let mut command = Command::command().disable_help_subcommand(true);
    // Commands are called by their whole names from then on.
    command.build();
    let shown = of.and_then(|name| command.find_subcommand(name)).unwrap_or(&command);
    let man = clap_mangen::Man::new(shown.clone());
    man.render_title(&mut page)?;
    man.render_name_section(&mut page)?;
    page.extend(format!(".SH SYNOPSIS\n{}\n", synopsis(shown)).into_bytes());
    man.render_description_section(&mut page)?;
    man.render_options_section(&mut page)?;
    if shown.has_subcommands() {
        man.render_subcommands_section(&mut page)?;
    }
    man.render_extra_section(&mut page)?;
    if shown.get_version().is_some() {
        man.render_version_section(&mut page)?;
    }
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

/// Every option with what it takes, and the files; dots where several may be given.
fn synopsis(command: &clap::Command) -> String {
    let name = command.get_bin_name().unwrap_or(command.get_name());
    let mut text = format!("\\fB{name}\\fR");
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
    if command.has_subcommands() {
        text.push_str(&format!("\n.br\n\\fB{name}\\fR \\fIcommand\\fR"));
    }
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

/// Options that hands know from tcpdump and tshark, and what does that here.
const ELSEWHERE: &[(&str, &str)] = &[
    ("-2", "the packets before one are known of without that"),
    ("-A", "-x prints bytes, with those that are text beside them"),
    ("-C", "-w goes on in another file with -b filesize:KILOBYTES"),
    ("-F", "-w writes pcapng"),
    ("-G", "-w goes on in another file with -b duration:SECONDS"),
    ("-Q", "-Y tests which way a packet goes, by addresses"),
    ("-R", "-Y tests packets"),
    ("-S", "-e tcp.seq_raw is the sequence number as it is"),
    ("-U", "-l prints each packet at once"),
    ("-W", "-w keeps so many files with -b files:NUMBER"),
    ("-X", "-x prints bytes, with those that are text beside them"),
];

/// What does here what an option does in other programs, if the command line is wrong by that.
pub(super) fn elsewhere(error: &clap::Error) -> Option<String> {
    let Some(ContextValue::String(option)) = error.get(ContextKind::InvalidArg) else { return None };
    let (_, here) = ELSEWHERE.iter().find(|(known, _)| known == option)?;
    Some(format!("{option} is no option here: {here}"))
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
