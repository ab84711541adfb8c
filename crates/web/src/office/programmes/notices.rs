//! What an applicant was told of the steps of an application, as the office sees it: what, when, by which way; and that no message
//! reaches them, so that somebody tells them otherwise. Leaves sending to `tell_step`.

use tsunagari_i18n::Texts;
use tsunagari_kernel::Timestamp;
use tsunagari_programmes::{Notice, Went};
use tsunagari_storage::application_notice::KeptNotice;

use crate::office::people::words::coded;
use crate::shell::Tone;
use crate::shell::components::{Banner, Chip};

/// A line.
pub(super) struct NoticeLine {
    pub what: String,
    pub when: String,
    pub went: Chip,
}

/// The lines, in the order of the steps.
pub(super) fn lines(t: Texts, notices: &[KeptNotice]) -> Vec<NoticeLine> {
    let line = |it: &KeptNotice| {
        let words = coded(t, "went", it.went.code());
        NoticeLine {
            what: coded(t, "notice", it.notice.code()),
            when: t.date_time_short(it.went_at.unwrap_or(it.due)),
            went: match it.went {
                Went::Line | Went::Mail => Chip::of(Tone::Success, words),
                Went::Due | Went::Overtaken => Chip::plain(words),
                Went::Nowhere => Chip::of(Tone::Warning, words),
            },
        }
    };
    notices.iter().map(line).collect()
}

/// What is to be done where the last of them reached nobody.
pub(super) fn untold(t: Texts, notices: &[KeptNotice]) -> Option<Banner> {
    let last = notices.last().filter(|it| it.went == Went::Nowhere)?;
    let title = t.one("application-untold", "what", coded(t, "notice", last.notice.code()));
    Some(Banner::of(Tone::Warning, title).text(t.get("application-untold-text")))
}

/// Invented: one of each, gone each way.
pub(super) fn sample(at: Timestamp) -> Vec<KeptNotice> {
    let kept = |(notice, went): (Notice, Went)| KeptNotice { no: 1, notice, went, due: at, went_at: Some(at) };
    let last = (Notice::SentBack, Went::Nowhere);
    Notice::ALL.into_iter().zip(Went::ALL.into_iter().cycle()).chain([last]).map(kept).collect()
}
