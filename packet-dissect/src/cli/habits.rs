//! Options that users of tcpdump and tshark type without thinking.

use clap::Args;

use super::clock::TimeForm;

#[derive(Debug, Args)]
pub(super) struct Habits {
    /// Accepted, also as -nn: addresses and ports are never resolved to names
    #[arg(short = 'n', action = clap::ArgAction::Count)]
    numeric: u8,
    /// Print no packets: with --stats, -z and --verify only those, otherwise only what is wrong
    #[arg(short = 'q', conflicts_with_all = ["verbose", "hex"])]
    pub(super) quiet: bool,
    /// More in each line: every layer from the outermost in, with lengths, flags and hop limits (-V has every field)
    #[arg(short = 'v', action = clap::ArgAction::Count, conflicts_with = "form")]
    pub(super) long: u8,
    /// Lines as long as they are; on a terminal they are cut to its width, but for those of -v
    #[arg(long)]
    pub(super) no_cut: bool,
    /// How a line tells time: r since the first packet (as without -t), d since the one before, dd since the one shown before, e since
    /// 1970, a time of day, ad with date, adoy with day of the year, u, ud, udoy the same in UTC, none; TZ says the zone. As tcpdump
    /// has it: -t is none, -tt e, -ttt d, -tttt ad, -ttttt r
    #[arg(short = 't', value_name = "FORM", value_parser = TimeForm::parse, num_args = 0..=1, default_missing_value = "")]
    pub(super) time: Option<TimeForm>,
}
