//! Reads protocol buffers into the model, without a compiler and without the network.
