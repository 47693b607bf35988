use std::hint::black_box;
fn main(){ let session=bench::bgp::session(); let m=bench::bgp::small();
 for _ in 0..20_000_000 { black_box(bench::bgp::ours::update(black_box(&m), &session)); } }
