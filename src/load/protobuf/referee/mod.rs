//! Who confirms witnesses: runtimes that know nothing of the model's comparison.
//!
//! `prost-reflect` serves proto2 and proto3; where an edition or a closed enumeration is reached,
//! `buffa` does, because `prost-reflect` keeps unknown numbers of closed enumerations and panics on
//! editions. What neither does (`required`, strings that are not UTF-8) is mended around them.

mod amend;
mod closure;
mod emit;
mod json;
mod runtime;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use foldhash::fast::RandomState;

use self::amend::Amendment;
use self::closure::{Closure, Index};
use self::runtime::Runtime;
use crate::load::MessageReferee;
use crate::model::{Json, MessageId, Messages};

/// A referee for the files of one side. Nothing is built before the first question, and then only
/// what the message in question reaches.
pub(super) struct MessageRuntime {
    messages: Arc<Messages>,
    index: OnceLock<Index>,
    served: Mutex<HashMap<Arc<str>, Serving, RandomState>>,
}

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

    fn serve(&self, message: &str) -> Serving {
        let served = || self.served.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = served().get(message) {
            return known.clone();
        }
        let built = self.build(message).map(Arc::new);
        served().insert(message.into(), built.clone());
        built
    }

    fn build(&self, message: &str) -> Result<Served, String> {
        let messages = &*self.messages;
        let index = self.index.get_or_init(|| Index::of(messages));
        let root = index.find(message).ok_or_else(|| format!("there is no message {message}"))?;
        let closure = Closure::of(root, messages, index);
        let runtime = Runtime::new(messages, &closure, message)?;
        let amendment = Amendment::of(messages, &closure);
        Ok(Served { root, runtime, amendment })
    }
}

impl MessageReferee for MessageRuntime {
    fn name(&self) -> &'static str {
        "prost-reflect"
    }

    fn name_for(&self, message: &str) -> &'static str {
        self.serve(message).map_or(self.name(), |served| served.runtime.name())
    }

    fn encode(&self, message: &str, value: &Json) -> Result<Vec<u8>, String> {
        let served = self.serve(message)?;
        let value = served.amendment.towards_runtime(&self.messages, served.root, value)?;
        served.runtime.encode(&value)
    }

    fn decode(&self, message: &str, bytes: &[u8]) -> Result<Json, String> {
        let served = self.serve(message)?;
        let messages = &*self.messages;
        let value = served.runtime.decode(bytes)?;
        let value = served.amendment.back_from_runtime(messages, served.root, &value)?;
        served.amendment.require(messages, served.root, &value)?;
        Ok(value)
    }

    fn read_json(&self, message: &str, value: &Json) -> Result<Json, String> {
        let served = self.serve(message)?;
        let messages = &*self.messages;
        let value = served.amendment.towards_runtime(messages, served.root, value)?;
        let value = served.runtime.read_json(&value)?;
        served.amendment.back_from_runtime(messages, served.root, &value)
    }
}
