#[test]
fn loads() {
    let mut e = xdp_loader::object::load("drops").unwrap();
    let p: &mut aya::programs::Xdp = e.program_mut("drops").unwrap().try_into().unwrap();
    p.load().unwrap();
    println!("drops: {}", xdp_loader::cost::Cost::of(p.info()).unwrap());
}
