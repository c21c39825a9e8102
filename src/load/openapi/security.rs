//! Security: schemes by what travels, requirements as alternatives of them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::node::Node;
use super::reader::Reader;
use super::version::Version;
use crate::model::{Alternative, Scheme, Security};

impl Reader<'_> {
    /// Reads the schemes that the description declares, so that requirements can name them.
    pub(super) fn read_schemes(&mut self, root: &Node) {
        let declared = match self.version {
            Version::V2 => self.object(root, "securityDefinitions"),
            Version::V3_0 | Version::V3_1 | Version::V3_2 => self
                .object(root, "components")
                .and_then(|components| self.object(&components, "securitySchemes")),
        };
        let Some(declared) = declared else { return };
        for (name, _, node) in declared.members().filter(|(name, ..)| !name.starts_with("x-")) {
            let scheme = match self.follow(&node) {
                Some(object) => self.scheme(name, &object),
                None => Scheme::Unknown(name.into()),
            };
            self.schemes.insert(name.into(), scheme);
        }
    }

    /// What an object requires of callers; `None` where it says nothing and inherits. An empty list
    /// asks for nothing, which is not the same as silence (OAS 3.1 §4.8.10).
    pub(super) fn security(&mut self, node: &Node) -> Option<Security> {
        let member = self.member(node, "security")?;
        let list = self.list(node, "security")?;
        let alternatives = list.iter().filter_map(|item| self.alternative(item)).collect();
        Some(Security { alternatives, span: Some(member.span()) })
    }

    fn alternative(&mut self, item: &Node) -> Option<Alternative> {
        if !item.is_object() {
            self.lose(item.span(), "a security requirement is an object");
            return None;
        }
        let mut credentials: BTreeMap<Scheme, BTreeSet<Arc<str>>> = BTreeMap::new();
        let mut names = Vec::new();
        for (name, _, scopes) in item.members() {
            let scheme = self.scheme_called(name, &scopes);
            self.warn_of_scopes(&scheme, &scopes);
            let scopes = scopes.elements().filter_map(|scope| scope.scalar());
            credentials.entry(scheme).or_default().extend(scopes);
            names.push(name.into());
        }
        Some(Alternative { credentials, names, span: item.span() })
    }

    /// Only OAuth 2 and OpenID Connect have scopes before 3.1, which lets the others name roles
    /// (OAS 3.0 §4.7.30, 3.1 §4.8.30).
    fn warn_of_scopes(&mut self, scheme: &Scheme, scopes: &Node) {
        let word = match scheme {
            Scheme::Http(_) => "http",
            Scheme::ApiKey { .. } => "apiKey",
            Scheme::OAuth2(_) | Scheme::OpenIdConnect | Scheme::MutualTls | Scheme::Unknown(_) => {
                return;
            }
        };
        let is_old = matches!(self.version, Version::V2 | Version::V3_0);
        if is_old && scopes.elements().next().is_some() {
            let message = format!(
                "a scheme of type `{word}` has no scopes here: they are compared as if it had"
            );
            self.warn(scopes.span(), message);
        }
    }

    fn scheme_called(&mut self, name: &str, at: &Node) -> Scheme {
        self.required.insert(name.into());
        if let Some(scheme) = self.schemes.get(name) {
            return scheme.clone();
        }
        let is_address = name.contains(['/', '#']);
        let scheme = if self.version == Version::V3_2 && is_address {
            let target = self.resolve_text(name, at, at).and_then(|node| self.follow(&node));
            target.map(|object| self.scheme(name, &object))
        } else {
            self.lose(at.span(), format!("the security scheme `{name}` is not declared"));
            None
        };
        let scheme = scheme.unwrap_or_else(|| Scheme::Unknown(name.into()));
        self.schemes.insert(name.into(), scheme.clone());
        scheme
    }

    fn scheme(&mut self, name: &str, object: &Node) -> Scheme {
        let Some(kind) = self.word(object, "type") else {
            self.lose(object.span(), format!("the security scheme `{name}` has no type"));
            return Scheme::Unknown(name.into());
        };
        let found = match &*kind.value {
            "apiKey" => self.api_key(object),
            "basic" => Some(Scheme::Http("basic".into())),
            "http" => self
                .word(object, "scheme")
                .map(|scheme| Scheme::Http(scheme.value.to_ascii_lowercase().into())),
            "oauth2" => Some(Scheme::OAuth2(self.flows(object))),
            "openIdConnect" => self.word(object, "openIdConnectUrl").map(|_| Scheme::OpenIdConnect),
            "mutualTLS" => Some(Scheme::MutualTls),
            _ => None,
        };
        found.unwrap_or_else(|| {
            self.lose(object.span(), format!("the security scheme `{name}` cannot be understood"));
            Scheme::Unknown(name.into())
        })
    }

    fn api_key(&mut self, object: &Node) -> Option<Scheme> {
        let name = self.word(object, "name")?.value;
        let location = self.word(object, "in")?.value;
        match &*location {
            // Header names have no case (RFC 9110 §5.1).
            "header" => Some(Scheme::ApiKey { location, name: name.to_ascii_lowercase().into() }),
            "query" | "cookie" => Some(Scheme::ApiKey { location, name }),
            _ => None,
        }
    }

    /// The flows by their names of 3.x; 2.0 has one and calls two of them otherwise.
    pub(super) fn flows(&mut self, object: &Node) -> BTreeSet<Arc<str>> {
        if let Some(flow) = self.word(object, "flow") {
            let name = match &*flow.value {
                "application" => "clientCredentials".into(),
                "accessCode" => "authorizationCode".into(),
                _ => flow.value,
            };
            return BTreeSet::from([name]);
        }
        let Some(flows) = self.object(object, "flows") else { return BTreeSet::new() };
        let names = flows.members().map(|(name, ..)| name);
        names.filter(|name| !name.starts_with("x-")).map(Into::into).collect()
    }
}
