//! Names that follow from other names.

use std::sync::Arc;

/// A field's name in JSON, where none is set: without underscores, each letter behind one upper
/// case (ProtoJSON, "JSON field names").
pub(in crate::load::protobuf) fn json_name(field: &str) -> Arc<str> {
    if !field.contains('_') {
        return field.into();
    }
    camel(field, false).into()
}

/// The name of the entry message of a map field.
pub(super) fn entry_name(field: &str) -> String {
    camel(field, true) + "Entry"
}

fn camel(name: &str, mut raise: bool) -> String {
    let mut out = String::with_capacity(name.len());
    for letter in name.chars() {
        if letter == '_' {
            raise = true;
        } else {
            out.push(if raise { letter.to_ascii_uppercase() } else { letter });
            raise = false;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_raised_behind_underscores() {
        assert_eq!(&*json_name("foo_bar_1x"), "fooBar1x");
        assert_eq!(&*json_name("_foo__bar_"), "FooBar");
        assert_eq!(&*json_name("fooBAR"), "fooBAR");
        assert_eq!(entry_name("string_map2"), "StringMap2Entry");
    }
}
