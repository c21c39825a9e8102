//! Texts that several sides hold: each is held once.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

use foldhash::fast::RandomState;

/// The texts of files that are being read, for sides that hold mostly the same.
#[derive(Clone, Debug, Default)]
pub struct Texts(Arc<Mutex<HashSet<Arc<str>, RandomState>>>);

impl Texts {
    /// The text, or an equal one that somebody holds already.
    pub fn share(&self, text: Arc<str>) -> Arc<str> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(held) = known.get(&*text) {
            return Arc::clone(held);
        }
        known.insert(Arc::clone(&text));
        text
    }
}

impl PartialEq for Texts {
    /// What is held changes nothing of what is read.
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Texts {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_texts_are_one() {
        let texts = Texts::default();
        let (one, two) = (texts.share("a".into()), texts.share("a".into()));
        assert!(Arc::ptr_eq(&one, &two) && *texts.share("b".into()) == *"b");
    }
}
