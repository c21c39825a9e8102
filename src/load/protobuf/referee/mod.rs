//! Who confirms witnesses: runtimes that know nothing of the model's comparison.
//!
//! `prost-reflect` serves proto2 and proto3; where an edition or a closed enumeration is reached,
//! `buffa` does, because `prost-reflect` keeps unknown numbers of closed enumerations and panics on
//! editions. What neither does is done around them: fields in another wire type are set aside
//! (`sift`), `required` and strings that are not UTF-8 are mended (`amend`), and what an absent
//! field means is told (`absent`).

mod absent;
mod amend;
mod choices;
mod closure;
mod constraints;
mod emit;
mod entries;
mod json;
mod masks;
mod runtime;
mod sift;
mod spelled;

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use self::amend::Amendment;
use self::closure::{Closure, Index, get};
use self::runtime::Runtime;
use self::sift::sift;
use crate::load::{MessageReferee, Violations};
use crate::model::{Json, MessageId, Messages};

/// A referee for the files of one side. Nothing is built before the first question, and then only
/// what the message in question reaches.
pub(super) struct MessageRuntime {
    messages: Arc<Messages>,
    index: OnceLock<Index>,
    /// The messages that were asked about last, the newest first.
    served: Mutex<VecDeque<(MessageId, Serving)>>,
}

/// How many messages are held ready. A walk asks about one after the other, and what answers for one
/// may reach a good part of a large tree.
const MAX_SERVED: usize = 16;

/// What answers for one message, or why nothing can.
type Serving = Result<Arc<Served>, String>;

/// What answers for one message.
struct Served {
    root: MessageId,
    runtime: Runtime,
    amendment: Amendment,
}

impl MessageRuntime {
    pub(super) fn new(messages: Arc<Messages>) -> Self {
        Self { messages, index: OnceLock::new(), served: Mutex::default() }
    }

    fn serve(&self, message: MessageId) -> Serving {
        let served = || self.served.lock().unwrap_or_else(PoisonError::into_inner);
        let known = {
            let mut served = served();
            let at = served.iter().position(|(id, _)| *id == message);
            at.and_then(|at| served.remove(at))
        };
        let (_, serving) = known.unwrap_or_else(|| (message, self.build(message).map(Arc::new)));
        let mut served = served();
        served.push_front((message, serving.clone()));
        served.truncate(MAX_SERVED);
        serving
    }

    fn build(&self, message: MessageId) -> Result<Served, String> {
        let messages = &*self.messages;
        let index = self.index.get_or_init(|| Index::of(messages));
        let declared = get(messages, message).ok_or("there is no such message")?;
        let closure = Closure::of(message, messages, index);
        let runtime = Runtime::new(messages, &closure, &declared.full_name)?;
        let amendment = Amendment::of(messages, &closure);
        Ok(Served { root: message, runtime, amendment })
    }
}

/// What the program calls itself where it reads what no runtime does.
const DECODER: &str = "decoder";

impl MessageReferee for MessageRuntime {
    fn name_for(&self, message: MessageId, bytes: Option<&[u8]>) -> &'static str {
        let Ok(served) = self.serve(message) else { return DECODER };
        let sifted = bytes.map(|bytes| sift(&self.messages, served.root, bytes));
        match sifted {
            Some(sifted) if !sifted.aside.is_empty() => DECODER,
            Some(_) | None => served.runtime.name(),
        }
    }

    fn encode(&self, message: MessageId, value: &Json) -> Result<Vec<u8>, String> {
        let served = self.serve(message)?;
        let value = served.amendment.towards_runtime(&self.messages, served.root, value)?;
        let bytes = served.runtime.encode(&value)?;
        Ok(entries::in_order(&self.messages, served.root, bytes))
    }

    fn decode(&self, message: MessageId, bytes: &[u8]) -> Result<Json, String> {
        let served = self.serve(message)?;
        let messages = &*self.messages;
        let sifted = sift(messages, served.root, bytes);
        let value = served.runtime.decode(&sifted.kept)?;
        let value = served.amendment.back_from_runtime(messages, served.root, &value)?;
        served.amendment.require(messages, served.root, &value)?;
        Ok(value)
    }

    fn relay(&self, message: MessageId, bytes: &[u8]) -> Result<Vec<u8>, String> {
        let served = self.serve(message)?;
        let sifted = sift(&self.messages, served.root, bytes);
        if sifted.is_scattered {
            return Err("what is passed on unread lies in one of several messages".to_owned());
        }
        let mut passed_on = served.runtime.relay(&sifted.kept)?;
        passed_on.extend(sifted.aside);
        Ok(entries::in_order(&self.messages, served.root, passed_on))
    }

    fn absent(&self, message: MessageId, name: &str) -> Option<Json> {
        absent::reading(&self.messages, self.serve(message).ok()?.root, name)
    }

    fn violations(&self, message: MessageId, value: &Json) -> Violations {
        match self.serve(message) {
            Ok(served) => constraints::violations(&self.messages, served.root, value),
            Err(_) => Violations { found: Vec::new(), unchecked: true },
        }
    }

    fn read_json(&self, message: MessageId, value: &Json) -> Result<Json, String> {
        let served = self.serve(message)?;
        let messages = &*self.messages;
        let value = served.amendment.towards_runtime(messages, served.root, value)?;
        let value = served.runtime.read_json(&value)?;
        served.amendment.back_from_runtime(messages, served.root, &value)
    }
}
