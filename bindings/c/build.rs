//! Gives the shared library a name with its version: what is linked with 0.1 is not loaded with 0.2.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let [major, minor] =
        ["MAJOR", "MINOR"].map(|part| std::env::var(format!("CARGO_PKG_VERSION_{part}")).unwrap_or_default());
    // Before 1.0 a minor version may change anything.
    let abi = if major == "0" { format!("0.{minor}") } else { major };
    if std::env::var("CARGO_CFG_TARGET_OS").as_deref() == Ok("linux") {
        println!("cargo::rustc-cdylib-link-arg=-Wl,-soname,libcontainer_codecs.so.{abi}");
    }
}
