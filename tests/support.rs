//! What the session tests share.
