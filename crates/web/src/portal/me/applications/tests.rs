//! Where an application stands has its words in every locale, on the list and on its page.

use super::*;
use crate::portal::offered::round::{sample, samples_of_programmes};
use crate::shell::Sample;

impl Sample for ListPage {
    fn samples(shell: Shell) -> Vec<Self> {
        let lines = super::samples().iter().map(|it| line(shell.t, it, "春の回".into())).collect();
        let begun = vec![("/me/apply/x".to_owned(), "夏の回".to_owned())];
        let full = Self::of(shell.clone(), begun, lines, "/p/322041/programmes".into());
        vec![full, Self::of(shell, Vec::new(), Vec::new(), "/p/322041/programmes".into())]
    }
}

impl Sample for ApplicationPage {
    fn samples(shell: Shell) -> Vec<Self> {
        let (round, now) = sample();
        let running = samples_of_programmes().into_iter().next().map(Arc::new);
        let Some(running) = running else { return Vec::new() };
        let of = |parcels| Known {
            round: round.clone(),
            running: running.clone(),
            paper: Some(Paper::default()),
            parcels,
            payments: crate::portal::me::payments::samples(),
            word: "楽しかったです。".into(),
            wrong: vec![("words".into(), "✕".into())],
        };
        let all: Vec<Known> = crate::portal::me::parcels::samples().into_iter().map(of).collect();
        let face = |(it, known): (&KeptApplication, &Known)| {
            ["", "withdraw"].map(|asked| {
                let ticket = super::super::ticket::expected_at(it, &known.round);
                let ticket =
                    ticket.map(|_| Ticket { qr: String::new(), code: "K7P2MX9A".into(), calendar: "#".into() });
                Self::of(shell.clone(), it, known, (now, asked), ticket)
            })
        };
        super::samples().iter().zip(all.iter().cycle()).flat_map(face).collect()
    }
}

#[test]
fn every_face_has_its_words() {
    let shell = crate::shell::sample::portal_shell;
    assert_eq!(crate::shell::sample::faults::<ListPage>(shell), Vec::<String>::new());
    assert_eq!(crate::shell::sample::faults::<ApplicationPage>(shell), Vec::<String>::new());
}

#[test]
fn every_news_has_its_words() {
    for locale in tsunagari_i18n::Locale::ALL {
        for news in ["applied", "amended", "withdrawn", "taken", "left", "addressed", "word"] {
            let said = told_news(Texts::of(locale), news);
            assert!(said.is_some_and(|it| !it.contains('⟦')), "{news}");
        }
    }
}
