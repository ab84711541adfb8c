//! What is typed is read or refused with a code; what hangs on another answer is asked only then; drafts outlive a new form.

use rstest::rstest;

use super::*;

fn code(text: &str) -> FieldCode {
    FieldCode(text.into())
}

fn field(text: &str, kind: FieldKind) -> Field {
    Field { code: code(text), kind, required: true, only_when: None }
}

fn one(options: &[&str]) -> FieldKind {
    FieldKind::One { options: options.iter().map(|it| (*it).to_owned()).collect() }
}

fn many(at_most: u32) -> FieldKind {
    FieldKind::Many { options: vec!["a".into(), "b".into(), "c".into()], at_most }
}

fn codes(of: &[&str]) -> Answer {
    Answer::Codes(of.iter().map(|it| (*it).to_owned()).collect())
}

#[rstest]
#[case(FieldKind::Line { at_most: 3 }, &[" 髙橋 "], Ok(Some(Answer::Text("髙橋".into()))))]
#[case(FieldKind::Line { at_most: 3 }, &["  "], Ok(None))]
#[case(FieldKind::Line { at_most: 3 }, &["四文字だ"], Err(Fault::TooLong))]
#[case(FieldKind::Number { least: 0, most: 3_000 }, &["２,０００"], Ok(Some(Answer::Number(2_000))))]
#[case(FieldKind::Number { least: 0, most: 3_000 }, &["3001"], Err(Fault::OutOfBounds))]
#[case(FieldKind::Number { least: 0, most: 3_000 }, &["二千"], Err(Fault::NotANumber))]
#[case(FieldKind::Day, &["令和8年4月1日"], Ok(Some(Answer::Day(NaiveDate::from_ymd_opt(2026, 4, 1).unwrap()))))]
#[case(FieldKind::Day, &["2026-02-30"], Err(Fault::NotADay))]
#[case(FieldKind::YesNo, &["no"], Ok(Some(Answer::Yes(false))))]
#[case(FieldKind::YesNo, &["maybe"], Err(Fault::NotOffered))]
#[case(one(&["a", "b"]), &["b"], Ok(Some(codes(&["b"]))))]
#[case(one(&["a", "b"]), &["z"], Err(Fault::NotOffered))]
#[case(one(&["a", "b"]), &["a", "b"], Err(Fault::TooMany))]
#[case(many(2), &["c", "a"], Ok(Some(codes(&["a", "c"]))))]
#[case(many(2), &["a", "b", "c"], Err(Fault::TooMany))]
#[case(FieldKind::Place, &["999999"], Err(Fault::NotAPlace))]
#[case(FieldKind::Phone, &["12"], Err(Fault::NotAPhone))]
#[case(FieldKind::PostalCode, &["12"], Err(Fault::NotAPostalCode))]
fn what_is_typed_is_read_or_refused(
    #[case] kind: FieldKind,
    #[case] typed: &[&str],
    #[case] want: Result<Option<Answer>, Fault>,
) {
    let typed: Vec<String> = typed.iter().map(|it| (*it).to_owned()).collect();
    let read = kind.read(&typed);
    assert_eq!(read, want);
    if let Ok(Some(answer)) = read {
        assert!(kind.takes(&answer), "what was read fits");
    }
}

fn parcel() -> Form {
    let mut company = field("company", FieldKind::Line { at_most: 40 });
    company.only_when = Some(Asked { field: code("now"), is: vec!["work".into()] });
    let mut word = field("word", FieldKind::Lines { at_most: 200 });
    word.required = false;
    Form(vec![field("now", one(&["study", "work"])), company, field("away", FieldKind::YesNo), word])
}

#[test]
fn a_field_is_asked_only_where_the_answer_before_says_so() {
    let form = parcel();
    let mut answers = Answers::default();
    assert_eq!(form.next(&answers).unwrap().code, code("now"));
    answers.0.insert(code("now"), codes(&["work"]));
    assert_eq!(form.next(&answers).unwrap().code, code("company"));
    answers.0.insert(code("now"), codes(&["study"]));
    assert_eq!(form.next(&answers).unwrap().code, code("away"));
    answers.0.insert(code("away"), Answer::Yes(true));
    assert_eq!(form.next(&answers), None, "what is not required is not insisted on");
}

#[test]
fn what_is_handed_in_holds_nothing_that_was_not_asked() {
    let form = parcel();
    let mut answers = Answers::default();
    answers.0.insert(code("now"), codes(&["study"]));
    answers.0.insert(code("company"), Answer::Text("架空商店".into()));
    assert_eq!(form.hand_in(&answers), Err((code("away"), Fault::Missing)));
    answers.0.insert(code("away"), Answer::Number(1));
    assert_eq!(form.hand_in(&answers), Err((code("away"), Fault::NotOffered)));
    answers.0.insert(code("away"), Answer::Yes(false));
    let kept = form.hand_in(&answers).unwrap();
    assert_eq!(kept.0.keys().map(|it| it.0.as_str()).collect::<Vec<_>>(), ["away", "now"]);
}

#[test]
fn a_draft_outlives_a_new_form() {
    let mut answers = Answers::default();
    answers.0.insert(code("now"), codes(&["work"]));
    answers.0.insert(code("word"), Answer::Text("元気です".into()));
    let mut newer = parcel();
    newer.0[0].kind = one(&["study", "other"]);
    let (kept, lost) = newer.carry_over(&answers);
    assert_eq!(kept.get(&code("word")), Some(&Answer::Text("元気です".into())));
    assert_eq!(lost, [code("now")], "what is not offered any more is asked again");
}

#[test]
fn every_kind_takes_its_own_example() {
    let options = vec!["a".to_owned()];
    let kinds = [
        FieldKind::Line { at_most: 100 },
        FieldKind::Lines { at_most: 100 },
        FieldKind::Number { least: 3, most: 5 },
        FieldKind::Day,
        FieldKind::YesNo,
        FieldKind::One { options: options.clone() },
        FieldKind::Many { options, at_most: 1 },
        FieldKind::Place,
        FieldKind::Phone,
        FieldKind::PostalCode,
    ];
    for kind in kinds {
        let example = kind.example();
        assert!(example.as_ref().is_some_and(|it| kind.takes(it)), "{kind:?}: {example:?}");
    }
}
