//! Reads OpenAPI and Swagger documents into the model.
