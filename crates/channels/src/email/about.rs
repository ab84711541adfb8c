//! Whom an SMTP server's "no" speaks of: one mailbox, us, or the mail in hand. Read from the step it answers, its reply code
//! and its enhanced status (RFC 3463), because the same 550 is given for all three. Leaves what follows to `acts`.

use super::bounce::{BounceKind, enhanced_code, kind_of};

/// A step of the conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// `MAIL FROM`.
    Sender,
    /// `RCPT TO`.
    Recipient,
    /// `DATA`, and the final dot.
    Message,
}

/// Whom an answer speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum About {
    /// The recipient's mailbox and nothing else.
    Mailbox,
    /// The sender, the server or the way to it: every other mail would meet the same.
    Us,
    /// This mail.
    Mail,
}

/// Where the address is named, these speak of it (RFC 5321 4.2.3); 552 is a full one, 554 anything.
const OF_THE_MAILBOX: [u16; 3] = [550, 551, 553];

/// Bad sender (RFC 3463), too much sent, not authenticated (RFC 7372), not the sender's to use.
const OF_US: [&str; 12] = [
    "5.1.7", "5.1.8", "5.4.5", "5.7.20", "5.7.21", "5.7.22", "5.7.23", "5.7.24", "5.7.25", "5.7.26", "5.7.27", "5.7.60",
];

/// Many servers say what they hold against the sender or the client only when the recipient is named (Postfix by default),
/// with a status as vague as 5.7.1 or with none.
const WORDS_OF_US: [&str; 6] = [
    "sender address rejected",
    "client host rejected",
    "relay access denied",
    "relaying denied",
    "not permitted to relay",
    "unable to relay",
];

impl About {
    /// Of a refusal for good (5yz).
    pub(super) fn refusal(step: Step, code: u16, words: &str) -> Self {
        let status = enhanced_code(words);
        let lower = words.to_lowercase();
        let of_us = status.as_deref().is_some_and(|status| OF_US.contains(&status))
            || WORDS_OF_US.iter().any(|word| lower.contains(word));
        let dead = status.is_none_or(|status| kind_of(&status) == BounceKind::Hard);
        match step {
            // Nothing but our own address has been said so far.
            Step::Sender => Self::Us,
            Step::Recipient | Step::Message if of_us => Self::Us,
            Step::Recipient if dead && OF_THE_MAILBOX.contains(&code) => Self::Mailbox,
            Step::Recipient | Step::Message => Self::Mail,
        }
    }

    /// Of a refusal for now (4yz): only one given to the recipient's name leaves the others alone; 421 closes the door.
    pub(super) const fn delay(step: Step, code: u16) -> Self {
        match (step, code) {
            (Step::Recipient, 421) | (Step::Sender | Step::Message, _) => Self::Us,
            (Step::Recipient, _) => Self::Mailbox,
        }
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::{About, Step};

    #[rstest]
    #[case(Step::Recipient, 550, "5.1.1 user unknown", About::Mailbox)]
    #[case(Step::Recipient, 550, "Unknown user", About::Mailbox)]
    #[case(Step::Recipient, 551, "5.1.6 moved away", About::Mailbox)]
    #[case(Step::Recipient, 553, "5.1.3 no such address", About::Mailbox)]
    #[case(Step::Recipient, 550, "5.2.1 mailbox disabled", About::Mailbox)]
    #[case(Step::Recipient, 552, "mailbox full", About::Mail)]
    #[case(Step::Recipient, 550, "5.2.2 over quota", About::Mail)]
    #[case(Step::Recipient, 554, "5.7.1 refused by policy", About::Mail)]
    #[case(Step::Recipient, 550, "5.7.1 refused by policy", About::Mail)]
    #[case(Step::Recipient, 553, "5.7.1 Sender address rejected: not owned by user", About::Us)]
    #[case(Step::Recipient, 554, "5.7.1 Relay access denied", About::Us)]
    #[case(Step::Recipient, 550, "relaying denied", About::Us)]
    #[case(Step::Recipient, 550, "5.4.5 Daily user sending limit exceeded", About::Us)]
    #[case(Step::Sender, 553, "5.7.1 not owned", About::Us)]
    #[case(Step::Sender, 550, "no", About::Us)]
    #[case(Step::Message, 550, "5.7.60 client does not have permissions to send as this sender", About::Us)]
    #[case(Step::Message, 550, "5.7.26 unauthenticated mail is not accepted", About::Us)]
    #[case(Step::Message, 550, "5.4.5 daily limit", About::Us)]
    #[case(Step::Message, 550, "5.1.1 user unknown", About::Mail)]
    #[case(Step::Message, 554, "5.7.1 looks like spam", About::Mail)]
    fn whom_a_refusal_speaks_of(#[case] step: Step, #[case] code: u16, #[case] words: &str, #[case] about: About) {
        assert_eq!(About::refusal(step, code, words), about);
    }

    #[rstest]
    #[case(Step::Recipient, 450, About::Mailbox)]
    #[case(Step::Recipient, 452, About::Mailbox)]
    #[case(Step::Recipient, 421, About::Us)]
    #[case(Step::Sender, 451, About::Us)]
    #[case(Step::Message, 451, About::Us)]
    fn whom_a_delay_speaks_of(#[case] step: Step, #[case] code: u16, #[case] about: About) {
        assert_eq!(About::delay(step, code), about);
    }
}
