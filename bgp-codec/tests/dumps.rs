//! What daemons dumped and told, read and written back: the same bytes, all of them. The files and who wrote them: `testdata/README.md`.
#![allow(clippy::unwrap_used)]

use std::fs;

use bgp_codec::Writer;
use bgp_codec::mrt::{MRT, MrtRecord};

fn testdata(name: &str) -> Vec<u8> {
    fs::read(format!("../testdata/{name}")).unwrap()
}

/// Each record as what it holds, written back. How many there were.
fn mrt_both_ways(bytes: &[u8]) -> usize {
    let (mut rest, mut count) = (bytes, 0);
    let mut buffer = vec![0; bytes.len()];
    let mut to = Writer::new(MRT, &mut buffer);
    while let Some((record, behind)) = MrtRecord::split(rest).unwrap() {
        record.parse().unwrap().write(&record, &mut to).unwrap();
        (rest, count) = (behind, count + 1);
    }
    assert!(rest.is_empty());
    assert!(to.written() == bytes, "what was written is not what was read");
    count
}

/// BIRD: TABLE_DUMP_V2 with path identifiers, three paths to each of ten prefixes and its own two (RFC 6396 §4.3, RFC 8050 §4).
#[test]
fn a_table_of_bird() {
    assert_eq!(mrt_both_ways(&testdata("bgp-bird-rib.mrt")), 13);
}

/// FRR: BGP4MP, states and messages (RFC 6396 §4.4).
#[test]
fn a_session_of_frr() {
    assert_eq!(mrt_both_ways(&testdata("bgp-frr-messages.mrt")), 10);
}

/// Cases of others, where they are.
#[test]
fn cases_of_others() {
    let (mut count, folder) = (0, "../../shared/cases");
    for name in ["table-dump-1.mrt", "unannounced-paths.mrt"] {
        let Ok(bytes) = fs::read(format!("{folder}/{name}")) else {
            println!("SKIPPED: no {folder}/{name}");
            continue;
        };
        count += mrt_both_ways(&bytes);
    }
    println!("{count} records");
}
