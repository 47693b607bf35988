//! Instruction counts by callgrind, which do not vary from run to run: `cargo bench` in this folder (needs valgrind and
//! gungraun-runner of the version in Cargo.lock).

use std::hint::black_box;

use gungraun::{library_benchmark, library_benchmark_group, main};

#[library_benchmark]
#[bench::tcp(bench::packets::tcp())]
fn parse_tcp(bytes: Vec<u8>) -> Option<bench::Found> {
    black_box(bench::ours::tcp(black_box(&bytes)))
}

#[library_benchmark]
#[bench::vxlan(bench::packets::vxlan())]
fn parse_vxlan(bytes: Vec<u8>) -> Option<(bench::Found, u32)> {
    black_box(bench::ours::vxlan(black_box(&bytes)))
}

#[library_benchmark]
#[bench::vxlan(bench::packets::vxlan())]
fn walk(bytes: Vec<u8>) -> Option<u64> {
    black_box(bench::ours::walk(black_box(&bytes)))
}

#[library_benchmark]
#[bench::of_1500(vec![0x5a; 1500])]
fn checksum(bytes: Vec<u8>) -> u16 {
    black_box(ether_ip::checksum::of(black_box(&bytes)))
}

library_benchmark_group!(name = codecs; benchmarks = parse_tcp, parse_vxlan, walk, checksum);
main!(library_benchmark_groups = codecs);
