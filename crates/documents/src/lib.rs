//! Sheets in and out, QR, charts.
