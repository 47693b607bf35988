//! `diagnose` over testdata/doctor-bgp: BGP sessions in which one thing was made wrong, recorded at both speakers by `interop/run doctor-bgp`,
//! and healthy ones. What must be found stands in `expected.tsv` there, which that script holds fresh recordings against.
#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests may fail loudly")]

mod common;

use std::collections::BTreeSet;
use std::fs;

use common::{program, testdata, text};
use serde_json::Value as Json;

/// The words of a column; "-" is nothing.
fn words(column: &str) -> BTreeSet<&str> {
    column.split_whitespace().filter(|word| *word != "-").collect()
}

/// What is not as a line of the table has it.
fn faults(line: &str) -> Vec<String> {
    let [captures, arguments, required, allowed, evidence] = line.split('\t').collect::<Vec<_>>()[..] else {
        panic!("{line}")
    };
    let mut command = program(&["diagnose", "-T", "json"]);
    let command = command.args(words(arguments)).args(captures.split(' ')).current_dir(testdata("doctor-bgp"));
    let output = command.output().unwrap();
    let findings: Vec<Json> = text(&output).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let told: Vec<_> =
        findings.iter().map(|of| (of["code"].as_str().unwrap(), of["sentence"].as_str().unwrap())).collect();
    let codes: BTreeSet<_> = told.iter().map(|(code, _)| *code).collect();
    let (required, allowed) = (words(required), words(allowed));
    let mut faults: Vec<_> = required.difference(&codes).map(|code| format!("no {code}")).collect();
    let is_known = |code: &str| required.contains(code) || allowed.contains(code);
    faults.extend(told.iter().filter(|(code, _)| !is_known(code)).map(|of| format!("not so: {of:?}")));
    let is_said = |item: &&str| {
        let (code, text) = item.split_once(": ").unwrap();
        told.iter().any(|(of, sentence)| *of == code && sentence.contains(text))
    };
    let evidence = evidence.split(" | ").filter(|item| *item != "-");
    faults.extend(evidence.filter(|item| !is_said(item)).map(|item| format!("not said: {item} in {told:?}")));
    if output.status.code() != Some(if told.is_empty() { 0 } else { 3 }) {
        faults.push(output.status.to_string());
    }
    faults
}

#[test]
fn what_is_wrong_is_found_and_nothing_else() {
    let table = fs::read_to_string(testdata("doctor-bgp/expected.tsv")).unwrap();
    let lines: Vec<_> = table.lines().filter(|line| !line.starts_with('#')).skip(1).collect();
    let faults: Vec<_> = lines.iter().map(|line| (line, faults(line))).filter(|(_, of)| !of.is_empty()).collect();
    assert!(faults.is_empty(), "{faults:#?}");
    // No capture is forgotten, and the table is no empty promise.
    let named: BTreeSet<_> = lines.iter().flat_map(|line| line.split(['\t', ' '])).collect();
    let names = fs::read_dir(testdata("doctor-bgp")).unwrap();
    let names = names.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let captures: Vec<_> = names.filter(|name| name.ends_with(".pcap")).collect();
    assert!(captures.iter().all(|name| named.contains(name.as_str())), "{captures:?}");
    assert!(captures.len() > 40 && lines.len() > 60);
}
