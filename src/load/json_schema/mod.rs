//! Reads JSON Schema documents into the model.
