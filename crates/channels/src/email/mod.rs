//! E-mail out and back: addresses, composing and signing, one SMTP transaction per person with an honest outcome, VERP
//! and bounces. Leaves who may be written to, and what a bounce means for a contact point, to `acts`.

mod about;
mod address;
pub mod bounce;
mod compose;
mod dkim;
mod mailer;
mod place;
mod trouble;
mod verp;

pub use about::About;
pub use address::{AddressProblem, EmailAddress};
pub use compose::{ComposeError, Composed, Letter, Sender, Unsubscribe};
pub use dkim::{BadDkimKey, DkimSigner};
pub use mailer::{BadServer, Login, MailOutcome, Mailer, SmtpServer, Tls};
pub use place::{Place, is_inner};
pub use trouble::Trouble;
pub use verp::Verp;
