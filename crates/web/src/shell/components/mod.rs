//! Parts of pages as typed values that render themselves: `{{ form.email }}` in a template, no `|safe` needed.
//! Words arrive translated. To add one: a file here with a struct deriving `Template`, a template in
//! `templates/shell/components/`, `html!(Struct)`, a place on the style guide (`examples/styleguide.rs`).

mod banner;
mod choices;
mod confirm;
mod contact_text;
mod facts;
mod field;
mod file_drop;
mod lists;
mod marks;
mod sorting;

pub use banner::{Banner, Empty, ErrorSummary, Link};
pub use choices::{Choice, Choices, ChoicesKind};
pub use confirm::ConfirmForm;
pub use contact_text::ContactText;
pub use facts::{Facts, Kpi};
pub use field::{Field, FieldKind};
pub use file_drop::FileDrop;
pub use lists::{Crumbs, Pager, SortHeader, SortOrder, Steps, Tabs};
pub use marks::{Chip, Icon, Progress};
pub use sorting::Sorting;

/// Marks a component as already escaped markup.
macro_rules! html {
    ($($component:ty),*) => {$( impl askama::filters::HtmlSafe for $component {} )*};
}
use html;
