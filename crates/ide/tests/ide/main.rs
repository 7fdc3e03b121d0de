//! Answers for editors, over fixtures with a cursor. One file a feature.

mod support;

mod definition;
mod references;
mod rename;
