//! Test support: fixtures in one string, and a database that logs the queries it runs.

mod database;
mod fixture;

pub use database::TestDatabase;
pub use fixture::{Fixture, Marker};
