//! Indicators, targets, figures, roll-up, small cells.
