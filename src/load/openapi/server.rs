//! Servers: origin and path prefix of every address under which an operation is served.

use std::collections::{BTreeMap, BTreeSet};

use super::node::Node;
use super::reader::Reader;
use crate::model::{Remarks, Server, Servers};
use crate::source::Span;

/// How many addresses one server object may expand to; beyond it variables stay in braces.
const MAX_EXPANSION: usize = 64;

impl Reader<'_> {
    /// The servers that an object declares for itself and all below; `None` where it declares none.
    ///
    /// An empty list is the default, a single server at `/` (OAS 3.1 §4.8.1).
    pub(super) fn servers(&mut self, node: &Node) -> Option<Servers> {
        let span = node.get("servers").map_or(node.span(), |list| list.span());
        let list = self.list(node, "servers")?;
        let remarks = self.remarks_of_servers(&list);
        let (mut servers, mut known) = (Vec::new(), BTreeSet::new());
        for item in list {
            for server in self.server(&item) {
                if known.insert(server.clone()) {
                    servers.push(server);
                }
            }
        }
        if servers.is_empty() {
            return Some(root_server(span));
        }
        Some(Servers { list: servers, remarks, span })
    }

    fn server(&mut self, item: &Node) -> Vec<Server> {
        let Some(url) = self.word(item, "url") else {
            self.warn(item.span(), "a server without `url` is ignored");
            return Vec::new();
        };
        let mut choices = BTreeMap::new();
        if let Some(variables) = self.object(item, "variables") {
            for (name, _, variable) in variables.members() {
                let values = self.list(&variable, "enum").unwrap_or_default();
                let values: Vec<_> = values.iter().filter_map(Node::scalar).collect();
                choices.insert(name.to_owned(), values);
            }
        }
        let mut urls = vec![url.value.to_string()];
        for (name, values) in &choices {
            let hole = format!("{{{name}}}");
            let used = url.value.contains(&hole) && !values.is_empty();
            if used && urls.len() * values.len() <= MAX_EXPANSION {
                let filled = |url: &String| -> Vec<String> {
                    values.iter().map(|value| url.replace(&hole, value)).collect()
                };
                urls = urls.iter().flat_map(filled).collect();
            }
        }
        urls.iter().map(|url| split(url)).collect()
    }
}

/// The server meant where nothing is said: the root of wherever the contract lives.
pub(super) fn root_server(span: Span) -> Servers {
    let server = Server { origin: "".into(), prefix: "".into() };
    Servers { list: vec![server], remarks: Remarks::default(), span }
}

/// Splits an address into origin and prefix. Host and scheme have no case (RFC 3986 §6.2.2.1).
/// A relative address counts from the root: nobody knows where the contract will be fetched from.
pub(super) fn split(url: &str) -> Server {
    let url = url.trim();
    let authority = match url.find("://") {
        Some(index) => Some(index + 3),
        None if url.starts_with("//") => Some(2),
        // A leading variable stands for everything up to the next slash.
        None if url.starts_with('{') => Some(0),
        None => None,
    };
    let path_start = authority.map_or(0, |start| {
        let rest = url.get(start..).unwrap_or("");
        rest.find('/').map_or(url.len(), |slash| start + slash)
    });
    let (origin, path) = url.split_at_checked(path_start).unwrap_or((url, ""));
    let origin = if origin.contains('{') { origin.to_owned() } else { origin.to_ascii_lowercase() };
    Server { origin: origin.into(), prefix: prefix(path).into() }
}

/// A path as a prefix: a slash before, none after; empty for the root.
pub(super) fn prefix(path: &str) -> String {
    let mut path = path.trim_end_matches('/');
    while let Some(rest) = path.strip_prefix("./") {
        path = rest;
    }
    match path {
        "" | "." => String::new(),
        rooted if rooted.starts_with('/') => rooted.to_owned(),
        relative => format!("/{relative}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_origin_and_prefix() {
        for (url, origin, path) in [
            ("https://API.example.com/V1/", "https://api.example.com", "/V1"),
            ("https://api.example.com", "https://api.example.com", ""),
            ("/", "", ""),
            ("/v1", "", "/v1"),
            ("v1/", "", "/v1"),
            ("./", "", ""),
            ("./v1", "", "/v1"),
            ("//h/v1", "//h", "/v1"),
            ("{scheme}://h:{port}/v1", "{scheme}://h:{port}", "/v1"),
            ("{baseUrl}/v1", "{baseUrl}", "/v1"),
        ] {
            let server = split(url);
            assert_eq!((&*server.origin, &*server.prefix), (origin, path), "{url}");
        }
    }
}
