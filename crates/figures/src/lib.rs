//! Figures an auditor accepts: indicators, their targets and denominators, rates, frozen figures and the seal of their
//! lists, roll-ups and small cells. Pure. Leaves counting people to storage, words (延べ, 逆算値) to the locale files
//! through codes, and drawing to documents.

pub mod figure;
pub mod indicator;
pub mod rate;
pub mod rollup;
pub mod seal;
pub mod small_cells;
pub mod target;
pub mod told;

pub use figure::{Count, Draft, Named, PublishError, Published};
pub use indicator::{Basis, Denominator, Indicator, Population, Provenance};
pub use rate::Rate;
pub use rollup::{Contribution, Rollup, RollupKind};
pub use seal::{Entry, Fault, Mark, Reading, Salt, Seal, Verdict};
pub use small_cells::{Shown, protect_list, protect_table};
pub use target::{Bound, Target, yen_per_student};
pub use told::Told;
