//! Published figures, also withdrawn ones: each frozen list held against its number and its seal. Says in one line what was
//! found, because a seal that was checked is worth knowing; leaves the checking to `tsunagari_figures::seal`.

use tsunagari_acts::House;
use tsunagari_figures::{Fault, Verdict};
use tsunagari_storage::StorageError;
use tsunagari_storage::directory::Organisation;
use tsunagari_storage::figure::KeptFigure;

use super::Complaint;

/// What an organisation's figures say for themselves.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Figures {
    /// All of them in one line; nothing where none is published.
    pub line: Option<String>,
    /// Those that do not fit.
    pub complaints: Vec<Complaint>,
}

/// Reads every list.
///
/// # Errors
/// The database does not answer.
pub async fn examine(house: &House, organisation: &Organisation) -> Result<Figures, StorageError> {
    let of = &organisation.code;
    let mut reader = house.org(organisation.id).read().await?;
    let (mut figures, mut fit, mut erased, mut complaints) = (0, 0, 0, Vec::new());
    for kept in reader.figures().await? {
        let verdict = reader.figure_verdict(&kept).await?;
        figures += 1;
        erased += verdict.erased;
        match complaint(of, &kept, &verdict) {
            Some(complaint) => complaints.push(complaint),
            None => fit += 1,
        }
    }
    let line = (figures > 0).then(|| {
        let left = match erased {
            0 => String::new(),
            n => format!("; {n} entries were erased since: the seals cover them, whose they were cannot be shown"),
        };
        format!("{of}: {figures} published figures, the lists of {fit} fit number and seal{left}.")
    });
    Ok(Figures { line, complaints })
}

fn complaint(of: &str, kept: &KeptFigure, verdict: &Verdict) -> Option<Complaint> {
    let figure = kept.published.figure();
    let faults: Vec<String> = verdict
        .faults
        .iter()
        .map(|fault| match fault {
            Fault::Number => format!("it counts {} people, published were {}", verdict.counted, figure.people),
            Fault::People(n) => format!("{n} entries stand for somebody else than was sealed"),
            Fault::Seal => "it does not give the seal it was published with".to_owned(),
        })
        .collect();
    (!faults.is_empty()).then(|| {
        Complaint::broken(
            format!("{of}: the list behind figure {} of {}: {}", figure.id, figure.as_of.date, faults.join("; ")),
            "somebody changed the database beside the program: keep it as it is, restore the last backup elsewhere, compare",
        )
    })
}
