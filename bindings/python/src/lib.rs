//! The codecs for Python: captures as iterators, packets with their layers by attribute, whole captures as columns.

mod bgp;
mod buffer;
mod build;
mod capture;
mod columns;
mod error;
mod leases;
mod value;
mod walk;

use packet_dissect::fields::Field;
use pyo3::prelude::*;

/// The names of all fields, with what each is.
#[pyfunction]
fn fields() -> Vec<(&'static str, &'static str)> {
    Field::ALL.iter().map(|field| (field.name(), field.label())).collect()
}

#[pymodule]
fn _native(py: Python<'_>, module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add("__version__", env!("CARGO_PKG_VERSION"))?;
    module.add("CodecError", py.get_type::<error::CodecError>())?;
    module.add_class::<capture::Capture>()?;
    module.add_class::<capture::Dissector>()?;
    module.add_class::<capture::Packet>()?;
    module.add_class::<capture::Layers>()?;
    module.add_function(wrap_pyfunction!(capture::dissect, module)?)?;
    module.add_function(wrap_pyfunction!(columns::columns, module)?)?;
    module.add_function(wrap_pyfunction!(columns::arrays, module)?)?;
    module.add_function(wrap_pyfunction!(walk::walk, module)?)?;
    module.add_class::<leases::Leases>()?;
    module.add_class::<leases::Lease>()?;
    module.add_class::<build::Frame>()?;
    module.add_class::<build::Header>()?;
    module.add_function(wrap_pyfunction!(build::ethernet, module)?)?;
    module.add_function(wrap_pyfunction!(build::vlan, module)?)?;
    module.add_function(wrap_pyfunction!(build::arp, module)?)?;
    module.add_function(wrap_pyfunction!(build::ipv4, module)?)?;
    module.add_function(wrap_pyfunction!(build::ipv6, module)?)?;
    module.add_function(wrap_pyfunction!(build::udp, module)?)?;
    module.add_function(wrap_pyfunction!(build::tcp, module)?)?;
    module.add_function(wrap_pyfunction!(build::icmpv4, module)?)?;
    module.add_function(wrap_pyfunction!(build::icmpv6, module)?)?;
    module.add_function(wrap_pyfunction!(build::gre, module)?)?;
    module.add_function(wrap_pyfunction!(build::vxlan, module)?)?;
    module.add_function(wrap_pyfunction!(build::geneve, module)?)?;
    bgp::add(module)?;
    module.add_function(wrap_pyfunction!(fields, module)?)
}
