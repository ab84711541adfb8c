//! The HTTP surfaces: portal, office, hooks, shell.
