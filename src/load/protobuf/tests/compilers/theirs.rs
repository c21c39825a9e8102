//! The facts of a descriptor set.

use std::collections::{BTreeMap, HashMap};

use buffa_descriptor::features::{
    field_features, for_file, message_features, oneof_features, resolve_child,
};
use buffa_descriptor::generated::descriptor::source_code_info::Location;
use buffa_descriptor::generated::descriptor::{
    DescriptorProto, EnumDescriptorProto, FieldDescriptorProto, FileDescriptorProto,
    MethodDescriptorProto,
};
use buffa_descriptor::{DescriptorPool, FieldDescriptor, FieldKind, SingularKind};

use super::*;

/// The features that hold for the files' elements, resolved by the library.
type Features = buffa::editions::ResolvedFeatures;

pub(super) fn facts(pool: &DescriptorPool, files: &BTreeSet<&str>) -> Facts {
    let mut facts = Facts::new();
    for file in pool.files().iter().filter(|file| files.contains(file.name.as_deref().unwrap())) {
        let locations = &file.source_code_info.location;
        let mut places: HashMap<&[i32], &Location> = HashMap::new();
        for location in locations {
            places.entry(&location.path).or_insert(location);
        }
        assert!(!places.is_empty(), "the set has no source information");
        let path = file.name.as_deref().unwrap();
        for location in locations {
            let start = format!("{0}:{1}-{0}:{1}", location.span[0], location.span[1]);
            let leading = location.leading_comments.as_deref();
            let trailing = location.trailing_comments.as_deref();
            let detached = &location.leading_detached_comments;
            facts.extend(comments(path, &start, leading, trailing, detached));
        }
        FileFacts { pool, path, locations, places, facts: &mut facts }.file(file);
    }
    facts
}

struct FileFacts<'s> {
    pool: &'s DescriptorPool,
    path: &'s str,
    locations: &'s [Location],
    places: HashMap<&'s [i32], &'s Location>,
    facts: &'s mut Facts,
}

fn within(path: &[i32], list: i32, index: usize) -> Vec<i32> {
    [path, &[list, i32::try_from(index).unwrap()]].concat()
}

fn join(scope: &str, name: &str) -> String {
    if scope.is_empty() { name.to_owned() } else { format!("{scope}.{name}") }
}

impl FileFacts<'_> {
    fn say(&mut self, fact: String) {
        self.facts.insert(fact);
    }

    /// The place of what has one.
    fn at(&mut self, what: &str, path: &[i32]) {
        if let Some(location) = self.places.get(path) {
            self.place(what, location);
        }
    }

    fn place(&mut self, what: &str, location: &Location) {
        let place = match location.span[..] {
            [line, start, end] => format!("{line}:{start}-{line}:{end}"),
            [line, start, last, end] => format!("{line}:{start}-{last}:{end}"),
            _ => panic!("{what}: {:?}", location.span),
        };
        let path = self.path;
        self.say(format!("{path}: {what} at {place}"));
    }

    /// Where the options below a path are set, by option; `resolved` are those that become features
    /// here.
    fn options(&mut self, what: &str, path: &[i32], resolved: &[i32]) {
        let below = |location: &&Location| {
            location.path.strip_prefix(path).is_some_and(|rest| !rest.is_empty())
        };
        let mut set: BTreeMap<i32, Location> = BTreeMap::new();
        for location in self.locations.iter().filter(below) {
            let option = location.path[path.len()];
            if !resolved.contains(&option) {
                set.insert(option, location.clone());
            }
        }
        for location in set.into_values() {
            self.place(&format!("{what} option"), &location);
        }
    }

    fn file(&mut self, file: &FileDescriptorProto) {
        self.options(self.path, &[8], &[50]);
        let scope = file.package.as_deref().unwrap_or("");
        let edition = match (file.syntax.as_deref(), file.edition) {
            (Some("editions"), Some(edition)) => format!("{edition:?}").replace("EDITION_", ""),
            (syntax, _) => syntax.unwrap_or("proto2").to_owned(),
        };
        self.say(format!("{} {edition} package {scope}", self.path));
        for (index, import) in file.dependency.iter().enumerate() {
            let number = i32::try_from(index).unwrap();
            let kind = match () {
                () if file.public_dependency.contains(&number) => "Public",
                () if file.weak_dependency.contains(&number) => "Weak",
                () => "Plain",
            };
            self.say(format!("{} imports {import} {kind}", self.path));
            self.at(&format!("import {import}"), &within(&[], 3, index));
        }
        for import in &file.option_dependency {
            self.say(format!("{} imports {import} Option", self.path));
        }
        let features = for_file(file);
        for (index, message) in file.message_type.iter().enumerate() {
            self.message(message, scope, features, &within(&[], 4, index));
        }
        for (index, declared) in file.enum_type.iter().enumerate() {
            self.enumeration(declared, scope, &within(&[], 5, index));
        }
        for (index, extension) in file.extension.iter().enumerate() {
            self.extension(extension, scope, features, &within(&[], 7, index));
        }
        for (index, service) in file.service.iter().enumerate() {
            let (path, name) =
                (within(&[], 6, index), join(scope, service.name.as_deref().unwrap()));
            self.at(&name, &path);
            self.at(&format!("{name} name"), &[&path[..], &[1]].concat());
            self.options(&name, &[&path[..], &[3]].concat(), &[34]);
            for (index, method) in service.method.iter().enumerate() {
                self.method(method, &name, &within(&path, 2, index));
            }
        }
    }

    fn method(&mut self, method: &MethodDescriptorProto, service: &str, path: &[i32]) {
        let name = format!("/{service}/{}", method.name.as_deref().unwrap());
        let side = |message: &Option<String>, streaming: Option<bool>| {
            let streaming = if streaming == Some(true) { "Stream" } else { "Single" };
            format!("{} {streaming}", message.as_deref().unwrap().trim_start_matches('.'))
        };
        let request = side(&method.input_type, method.client_streaming);
        let response = side(&method.output_type, method.server_streaming);
        self.say(format!("{name} {request} {response}"));
        self.at(&name, path);
        self.options(&name, &[path, &[4]].concat(), &[34, 35]);
        self.at(&format!("{name} request"), &[path, &[2]].concat());
        self.at(&format!("{name} response"), &[path, &[3]].concat());
    }

    fn message(&mut self, message: &DescriptorProto, scope: &str, outer: Features, path: &[i32]) {
        let name = join(scope, message.name.as_deref().unwrap());
        let features = resolve_child(&outer, message_features(message));
        let entry = message.options.map_entry == Some(true);
        self.say(format!("message {name} entry: {entry} {:?}", features.json_format));
        self.at(&name, path);
        self.at(&format!("{name} name"), &[path, &[1]].concat());
        self.options(&name, &[path, &[7]].concat(), &[12]);
        let linked = self.pool.message_by_name(&name).unwrap();
        for (index, field) in message.field.iter().enumerate() {
            let at = within(path, 2, index);
            let oneof = field.oneof_index.filter(|_| field.proto3_optional != Some(true));
            let oneof = oneof.map(|oneof| &message.oneof_decl[usize::try_from(oneof).unwrap()]);
            let outer =
                oneof.map_or(features, |oneof| resolve_child(&features, oneof_features(oneof)));
            let oneof = oneof.and_then(|oneof| oneof.name.as_deref());
            let resolved = linked.field(u32::try_from(field.number.unwrap()).unwrap()).unwrap();
            self.field(field, resolved, &name, oneof, (outer, entry), &at);
        }
        for (index, oneof) in message.oneof_decl.iter().enumerate() {
            let what = format!("{name} oneof {}", oneof.name.as_deref().unwrap());
            self.at(&what, &within(path, 8, index));
            self.options(&what, &[&within(path, 8, index)[..], &[2]].concat(), &[1]);
        }
        for (index, range) in message.reserved_range.iter().enumerate() {
            let what =
                format!("{name} reserved {}-{}", range.start.unwrap(), range.end.unwrap() - 1);
            self.at(&what, &within(path, 9, index));
            self.say(what);
        }
        for (index, range) in message.extension_range.iter().enumerate() {
            let what =
                format!("{name} extensions {}-{}", range.start.unwrap(), range.end.unwrap() - 1);
            self.at(&what, &within(path, 5, index));
            self.say(what);
        }
        for (index, reserved) in message.reserved_name.iter().enumerate() {
            let what = format!("{name} reserved {reserved}");
            self.at(&what, &within(path, 10, index));
            self.say(what);
        }
        for (index, nested) in message.nested_type.iter().enumerate() {
            self.message(nested, &name, features, &within(path, 3, index));
        }
        for (index, nested) in message.enum_type.iter().enumerate() {
            self.enumeration(nested, &name, &within(path, 4, index));
        }
        for (index, extension) in message.extension.iter().enumerate() {
            self.extension(extension, &name, features, &within(path, 6, index));
        }
    }

    fn enumeration(&mut self, declared: &EnumDescriptorProto, scope: &str, path: &[i32]) {
        let name = join(scope, declared.name.as_deref().unwrap());
        let linked = self.pool.enum_by_name(&name).unwrap();
        self.say(format!("enum {name} {:?}", linked.enum_type()));
        self.at(&name, path);
        self.at(&format!("{name} name"), &[path, &[1]].concat());
        self.options(&name, &[path, &[3]].concat(), &[7]);
        for (index, value) in declared.value.iter().enumerate() {
            let what = format!("{name} value {}", value.name.as_deref().unwrap());
            self.at(&what, &within(path, 2, index));
            self.options(&what, &[&within(path, 2, index)[..], &[3]].concat(), &[2]);
            self.say(format!("{what} {}", value.number.unwrap()));
        }
        for (index, range) in declared.reserved_range.iter().enumerate() {
            let what = format!("{name} reserved {}-{}", range.start.unwrap(), range.end.unwrap());
            self.at(&what, &within(path, 4, index));
            self.say(what);
        }
        for (index, reserved) in declared.reserved_name.iter().enumerate() {
            let what = format!("{name} reserved {reserved}");
            self.at(&what, &within(path, 5, index));
            self.say(what);
        }
    }

    fn extension(
        &mut self,
        field: &FieldDescriptorProto,
        scope: &str,
        outer: Features,
        path: &[i32],
    ) {
        let full_name = join(scope, field.name.as_deref().unwrap());
        let extendee = field.extendee.as_deref().unwrap().trim_start_matches('.');
        self.say(format!("{full_name} extends {extendee}"));
        let Some(resolved) = self.pool.extension_by_name(&full_name) else {
            panic!("{full_name} is not in the pool")
        };
        let resolved = resolved.field().clone();
        self.field(field, &resolved, scope, None, (outer, false), path);
    }

    fn field(
        &mut self,
        field: &FieldDescriptorProto,
        resolved: &FieldDescriptor,
        owner: &str,
        oneof: Option<&str>,
        (outer, is_entry): (Features, bool),
        path: &[i32],
    ) {
        let name = field.name.as_deref().unwrap();
        let what = join(owner, name);
        let features = resolve_child(&outer, field_features(field));
        let (json, number) = (field.json_name.as_deref().unwrap(), field.number.unwrap());
        let shape = shape(field, resolved, is_entry);
        let utf8 = if shape == "String" {
            format!("{:?}", features.utf8_validation)
        } else {
            String::new()
        };
        let cardinality = match resolved.kind() {
            FieldKind::Map { .. } => "Map".to_owned(),
            FieldKind::List(_) => format!("Repeated packed: {}", resolved.is_packed()),
            // Of an extension a message that lacks it can always tell, whatever the library says.
            FieldKind::Singular(_) if field.extendee.is_some() => "Explicit".to_owned(),
            FieldKind::Singular(_) => format!("{:?}", resolved.presence()),
        };
        let cardinality = if is_entry { String::new() } else { cardinality };
        let default = field.default_value.is_some();
        self.say(format!(
            "{what} {json} {number} {shape} {utf8} {cardinality} {oneof:?} {default}"
        ));
        self.at(&what, path);
        self.at(&format!("{what} name"), &[path, &[1]].concat());
        self.at(&format!("{what} number"), &[path, &[3]].concat());
        // A name or a scalar's keyword; a group has both.
        let named = [path, &[6]].concat();
        let keyword = [path, &[5]].concat();
        let kind = if self.places.contains_key(&named[..]) { named } else { keyword };
        self.at(&format!("{what} type"), &kind);
        self.options(&what, &[path, &[8]].concat(), &[2, 21]);
    }
}

fn shape(field: &FieldDescriptorProto, resolved: &FieldDescriptor, is_entry: bool) -> String {
    let named = || field.type_name.as_deref().unwrap().trim_start_matches('.').to_owned();
    match resolved.kind() {
        FieldKind::Map { .. } => format!("Message {}", named()),
        FieldKind::Singular(kind) | FieldKind::List(kind) => match kind {
            SingularKind::Scalar(scalar) => format!("{scalar:?}"),
            SingularKind::Enum(_) => format!("Enum {}", named()),
            // Entries keep their length (upb writes it), whatever the library makes of the feature.
            SingularKind::Message(_) if resolved.is_delimited() && !is_entry => {
                format!("Delimited {}", named())
            }
            SingularKind::Message(_) => format!("Message {}", named()),
        },
    }
}
