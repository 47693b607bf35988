use std::hint::black_box;
use std::time::Instant;
fn best(name: &str, mut f: impl FnMut()) {
    let mut b = f64::MAX;
    for _ in 0..200 {
        let s = Instant::now();
        for _ in 0..2000 {
            f();
        }
        b = b.min(s.elapsed().as_nanos() as f64 / 2000.0);
    }
    println!("{name} {b:.1}");
}
fn main() {
    let session = bench::bgp::session();
    for m in [bench::bgp::small(), bench::bgp::packed()] {
        best("frame", || {
            black_box(bgp_codec::Framer::new().next(&mut &black_box(&m)[..]).ok());
        });
        best("validate", || {
            let u = bgp_codec::Update::parse(&black_box(&m)[19..], &session).unwrap();
            black_box(u.validate().is_accept());
        });
        best("nlri", || {
            let u = bgp_codec::Update::parse(&black_box(&m)[19..], &session).unwrap();
            let mut f = bench::bgp::Found::default();
            for (_, p) in u.nlri() {
                f.route(p.address(), p.len());
            }
            black_box(f);
        });
        best("attrs", || {
            let u = bgp_codec::Update::parse(&black_box(&m)[19..], &session).unwrap();
            for a in u.attributes() {
                let _ = black_box(a.parse(&session).is_ok());
            }
        });
        best("rawattrs", || {
            let u = bgp_codec::Update::parse(&black_box(&m)[19..], &session).unwrap();
            for a in u.attributes() {
                black_box(a.kind);
            }
        });
        best("all", || {
            black_box(bench::bgp::ours::update(black_box(&m), &session));
        });
    }
}
