//! Answers in words: what stands on the last look and with an application. Leaves the office's look at them to office.

use tsunagari_acts::running_programme::Running;
use tsunagari_i18n::Texts;
use tsunagari_kernel::MunicipalityCode;
use tsunagari_programmes::{Answer, FieldCode, Named, Paper};

/// The question as it is asked.
pub fn question<'r>(running: &'r Running, code: &'r FieldCode) -> &'r str {
    let found = running.blueprint.form.iter().find(|it| it.code == code.0);
    found.map_or(code.0.as_str(), |it| it.label.as_str())
}

fn place(code: MunicipalityCode) -> String {
    code.lookup().map_or_else(|| code.to_string(), |it| it.full_name())
}

/// An answer.
pub fn words(t: Texts, running: &Running, code: &FieldCode, answer: &Answer) -> String {
    let options = running.blueprint.form.iter().find(|it| it.code == code.0).map(|it| it.options.as_slice());
    let label = |code: &String| {
        let found = options.unwrap_or_default().iter().find(|it| it.code == *code);
        found.map_or_else(|| code.clone(), |it| it.label.clone())
    };
    match answer {
        Answer::Text(text) => text.clone(),
        Answer::Number(n) => t.number(*n),
        Answer::Day(day) => t.day(*day),
        Answer::Yes(yes) => t.get(if *yes { "applying-yes" } else { "applying-no" }),
        Answer::Codes(codes) => codes.iter().map(label).collect::<Vec<_>>().join("／"),
        Answer::Place(code) => place(*code),
    }
}

/// Somebody who was named: name, birth date, where they live.
pub fn person(t: Texts, it: &Named) -> String {
    let name = format!("{} {}", it.family, it.given).trim().to_owned();
    let mut parts = vec![name];
    parts.extend(it.birth.map(|day| t.day(day)));
    parts.extend(it.lives.map(place));
    parts.join("／")
}

/// Everything that was answered: question and answer, in the form's order.
pub fn told(t: Texts, running: &Running, paper: &Paper) -> Vec<(String, String)> {
    let mut lines = Vec::new();
    lines.extend(paper.named.as_ref().map(|it| (t.get("applying-whom"), person(t, it))));
    if !paper.group.is_empty() {
        lines.push((t.get("applying-group"), paper.group.clone()));
    }
    let members = paper.members.iter().enumerate();
    lines.extend(members.map(|(n, it)| (t.count("applying-member", n + 1), person(t, it))));
    for field in running.policy.form.asked(&paper.answers) {
        let answer = paper.answers.get(&field.code);
        let said = answer.map(|it| words(t, running, &field.code, it)).unwrap_or_default();
        lines.push((question(running, &field.code).to_owned(), said));
    }
    lines
}
