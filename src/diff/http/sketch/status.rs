//! Statuses as findings name them, and as servers send them.

use std::sync::Arc;

use super::request::Party;
use crate::diff::WitnessSide;
use crate::diff::http::response::{covering, has_no_content};
use crate::diff::session::Session;
use crate::model::{HttpExchange, Response, StatusKey};

/// The response that applies to a status as findings name it.
pub(super) fn response<'c>(
    exchange: &'c HttpExchange,
    status: &str,
) -> Option<(StatusKey, &'c Response)> {
    let key = named(status)?;
    let exact = exchange.responses.get(&key);
    exact.or_else(|| Some(covering(&exchange.responses, key)?.1)).map(|response| (key, response))
}

/// The code that a server sends which answers with this status. Of a range, and of the default, it
/// is one of which neither side says anything else.
pub(super) fn status_code(
    session: &Session<'_>,
    label: &str,
    writer: Party<'_>,
    status: &Arc<str>,
) -> Arc<str> {
    let sides = [WitnessSide::Old, WitnessSide::New];
    let parties: Vec<_> = sides.into_iter().filter_map(|it| session.party(label, it)).collect();
    let is_declared =
        |key: StatusKey| parties.iter().any(|party| party.exchange.responses.contains_key(&key));
    let method = parties.first().map_or("", |party| &*party.exchange.method);
    let codes = |class: u8| {
        let first = u16::from(class) * 100;
        (first..first + 100).find(|code| {
            let key = StatusKey::Code(*code);
            !is_declared(key) && !has_no_content(method, key)
        })
    };
    let code = match named(status) {
        Some(StatusKey::Class(class)) => codes(class),
        Some(StatusKey::Default) => {
            let is_open = |class: &u8| !is_declared(StatusKey::Class(*class));
            // Success where its writer tells of none, then the failures that anybody may meet.
            let tells = |class: u8| {
                let first = u16::from(class) * 100;
                let told = &writer.exchange.responses;
                (first..first + 100).any(|code| told.contains_key(&StatusKey::Code(code)))
            };
            let all = [2, 4, 5, 3, 1].into_iter().filter(is_open);
            let (told, untold): (Vec<u8>, Vec<u8>) = all.partition(|class| tells(*class));
            untold.into_iter().chain(told).find_map(codes)
        }
        Some(StatusKey::Code(_)) | None => None,
    };
    code.map_or_else(|| Arc::clone(status), |code| code.to_string().into())
}

/// The status that findings call so.
fn named(status: &str) -> Option<StatusKey> {
    if let Some(class) = status.strip_suffix("XX") {
        return class.parse().ok().map(StatusKey::Class);
    }
    match status.parse() {
        Ok(code) => Some(StatusKey::Code(code)),
        Err(_) => (status == StatusKey::Default.to_string()).then_some(StatusKey::Default),
    }
}
