//! Loads the programs, fills their maps, and says what they counted.

pub mod balancer;
pub mod commands;
pub mod cost;
pub mod device;
pub mod drops;
pub mod meter;
pub mod object;
pub mod sink;
pub mod template;
pub mod vtep;
