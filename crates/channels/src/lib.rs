//! LINE and e-mail: clients, webhook parsing, fault classification.
