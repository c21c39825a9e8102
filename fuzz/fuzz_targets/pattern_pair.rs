//! Two patterns, divided by a zero byte: a string found in the one and not in the other is so.
#![no_main]

use std::collections::BTreeSet;

use libfuzzer_sys::fuzz_target;
use unbroken::subtype::language::{Language, Query, Search, find};

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let Some((left, right)) = text.split_once('\0') else { return };
    let (Ok(left), Ok(right)) = (Language::pattern(left), Language::pattern(right)) else { return };
    let except = BTreeSet::new();
    let (all, none) = (vec![&left], vec![&right]);
    let query = Query { all, none, min_length: 0, max_length: None, except: &except };
    if let Search::Found(text) = find(&query) {
        assert_ne!(left.matches(&text), Some(false), "{text:?}");
        assert_ne!(right.matches(&text), Some(true), "{text:?}");
    }
});
