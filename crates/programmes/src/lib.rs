//! Programmes: who may take part (`eligibility`, `quorum`), in which class (`class`), how often (`caps`), how many (`capacity`), how they are drawn
//! (`draw`), what they are asked (`form`), whom it is about (`party`), when and where (`round`), and what happened to each application (`ledger`, `standing`). Pure: counts and facts come in, verdicts and
//! refusals go out. Leaves what they get to benefits, files to blueprints and rows to storage.

pub mod answer_facts;
pub mod capacity;
pub mod caps;
pub mod class;
pub mod draw;
pub mod eligibility;
pub mod form;
pub mod ledger;
pub mod notice;
pub mod party;
pub mod policy;
pub mod quorum;
pub mod round;
pub mod round_count;
pub mod round_draw;
pub mod standing;

pub use answer_facts::{ANSWER_FACTS, PartyFacts};
pub use capacity::{Arrival, Capacity, Places, WaitingList};
pub use caps::{Cap, Full, Looked, Per, Within};
pub use class::{Class, Classified, classify};
pub use eligibility::{About, Condition, Finding, Judged, Outcome, Parties, Reference, judge};
pub use form::{Answer, Answers, Asked, Fault, Field, FieldCode, FieldKind, Form};
pub use ledger::{BenefitNo, Entry, Event, Ledger, Lot, Screening, Seq};
pub use notice::{Notice, Went};
pub use party::{HandedBy, Involved, Known, Named, Paper};
pub use policy::{Applicant, Choosing, How, Policy};
pub use quorum::{Quorum, Share, Tally};
pub use round::{Round, RoundRefusal, Stage, Venue};
pub use standing::{Came, Over, Place, Refusal, Standing};
