//! The frozen list of a published figure as an auditor meets it: from the file that is taken out, by the commands of
//! docs/operations/figures.md as they stand there, the seal on the figure's page comes out; also when somebody was erased
//! or is protected since. A list that was changed is told by the page and by doctor.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use rstest::rstest;
use tsunagari_access::{Act, Machine};
use tsunagari_figures::Published;
use tsunagari_kernel::{FigureId, PersonId};
use tsunagari_storage::figure::{FrozenMember, KeptFigure};
use tsunagari_testkit::{Kind, Officer, Town};

use crate::{installation, operations, protected, reach};

/// What the page for auditors tells them to type.
fn commands() -> &'static str {
    let page = include_str!("../../../../docs/operations/figures.md");
    page.split("```sh\n").nth(1).and_then(|rest| rest.split("```").next()).expect("the commands")
}

/// What they print for a file: the seal, and the lines that do not fit.
fn audited(file: &str) -> String {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("list.csv"), file).unwrap();
    let ran = Command::new("sh").args(["-c", commands()]).current_dir(dir.path()).output().unwrap();
    assert!(ran.stderr.is_empty(), "{}", String::from_utf8_lossy(&ran.stderr));
    String::from_utf8(ran.stdout).unwrap()
}

async fn published(town: &Town) -> KeptFigure {
    let mut reader = town.house.org(town.here.org).read().await.unwrap();
    reader.figures().await.unwrap().swap_remove(0)
}

async fn named(town: &Town, given: &str) -> PersonId {
    let mut reader = town.house.org(town.here.org).read().await.unwrap();
    let all = reader.people_page(&Default::default(), None, 9).await.unwrap();
    all.iter().find(|line| line.given == given).unwrap().id
}

/// What doctor says, on an installation whose files are as they should be.
fn doctor(town: &Town) -> String {
    let config = installation::settings(town);
    let dir = town.db.dir.path();
    for key in ["audit", "forms", "backup"] {
        std::fs::write(dir.join(format!("keys/{key}.key")), [7; 32]).unwrap();
    }
    closed(dir);
    let looked = installation::tsunagari().args(["doctor", "--offline", "--config"]).arg(config).output().unwrap();
    format!("{}{}", String::from_utf8_lossy(&looked.stdout), String::from_utf8_lossy(&looked.stderr))
}

fn closed(dir: &Path) {
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        let mode = if path.is_dir() { 0o700 } else { 0o600 };
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
        if path.is_dir() {
            closed(&path);
        }
    }
}

#[rstest]
#[case::sqlite(Kind::File)]
#[case::postgres(Kind::Server)]
#[tokio::test]
async fn an_auditor_recomputes_the_seal_also_after_an_erasure_and_a_protection(#[case] kind: Kind) {
    let town = Town::founded(kind).await;
    reach::filled(&town, &town.here, "shimane/masuda").await;
    reach::publish(&town, &town.here, 2024).await;
    let kept = published(&town).await;
    let (path, seal) = (format!("/office/reach/figures/{}", kept.published.figure().id), kept.seal.to_string());
    let mut officer = Officer::of(&town, &town.here, "administrator").await;
    let page = officer.browser.get(&path).await.text;
    let first = commands().lines().next().unwrap();
    assert!(page.contains(&seal) && page.contains(first) && page.contains("一覧を確かめました"), "{page}");
    assert!(!page.contains("消去され") && !page.contains("住所が保護されています"), "{page}");

    let take_out = async |officer: &mut Officer| {
        let file = officer.post(&format!("{path}/export"), &[("format", "csv")]).await;
        assert!(file.status.is_success(), "{}", file.text);
        file.text
    };
    let file = take_out(&mut officer).await;
    assert_eq!(audited(&file), format!("{seal}  -\n"), "{file}");
    let (hidden, gone) = (named(&town, "一").await, named(&town, "二").await);
    assert!(file.contains(&hidden.to_string()) && file.contains(&gone.to_string()), "{file}");
    // The controls: another person's id in a line, and a line less.
    let exchanged = audited(&file.replace(&hidden.to_string(), &gone.to_string()));
    assert!(exchanged.starts_with(&seal) && exchanged.contains("does not fit"), "{exchanged}");
    let shorter: Vec<&str> = file.split_inclusive('\n').take(3).collect();
    assert!(!audited(&shorter.concat()).contains(&seal));

    protected::protect(&town).await;
    operations::erased(&town, gone).await;
    let file = take_out(&mut officer).await;
    assert_eq!(audited(&file), format!("{seal}  -\n"), "the same seal: {file}");
    for word in [hidden.to_string(), gone.to_string(), "架空 一".to_owned(), "架空 二".to_owned()] {
        assert!(!file.contains(&word), "{word} in {file}");
    }
    assert!(file.contains("架空 三") && file.contains("（消去された人）") && file.contains("住所保護"), "{file}");
    let page = officer.browser.get(&path).await.text;
    assert!(page.contains("一覧を確かめました") && page.contains("1人が消去されました"), "{page}");
    assert!(page.contains("うち1人は、住所が保護されています"), "{page}");
    let looked = doctor(&town);
    assert!(
        looked.contains("1 published figures, the lists of 1 fit number and seal; 1 entries were erased"),
        "{looked}"
    );
}

/// A second figure with the first one's seal, whose list has one line less and two people in each other's place.
async fn changed(town: &Town) -> FigureId {
    let kept = published(town).await;
    let here = town.house.org(town.here.org);
    let id = kept.published.figure().id;
    let lines = here.read().await.unwrap().figure_file(id, 0, 9).await.unwrap();
    let whole = |it: tsunagari_storage::figure_seal::FileLine| FrozenMember {
        member: it.line.member,
        salt: it.salt.unwrap(),
        mark: it.mark,
    };
    let mut members: Vec<FrozenMember> = lines.into_iter().take(2).map(whole).collect();
    let first = members[0].member.person;
    members[0].member.person = members[1].member.person;
    members[1].member.person = first;
    let mut draft = kept.published.figure().clone();
    draft.id = FigureId::born(&town.house.chance, town.house.now());
    let id = draft.id;
    let kept = KeptFigure { published: Published::stored(draft, kept.published.by(), kept.published.at()), ..kept };
    let mut tx = here.write().await.unwrap();
    tx.publish_figure(&kept, &members).await.unwrap();
    let by = Machine::working(town.here.org, "test").actor();
    tx.commit(&Act::named("test", by, town.house.operation())).await.unwrap();
    id
}

#[rstest]
#[case::sqlite(Kind::File)]
#[case::postgres(Kind::Server)]
#[tokio::test]
async fn a_list_that_was_changed_is_told_by_page_and_doctor(#[case] kind: Kind) {
    let town = Town::founded(kind).await;
    reach::filled(&town, &town.here, "shimane/masuda").await;
    reach::publish(&town, &town.here, 2024).await;
    let looked = doctor(&town);
    assert!(looked.contains("1 published figures, the lists of 1 fit number and seal."), "{looked}");
    assert!(!looked.contains("the list behind figure"), "{looked}");

    let figure = changed(&town).await;
    let looked = doctor(&town);
    assert!(looked.contains("2 published figures, the lists of 1 fit number and seal."), "{looked}");
    let told = looked.lines().find(|line| line.contains(&figure.to_string())).expect("the figure is named");
    for words in ["BROKEN", "counts 2 people, published were 3", "2 entries stand for somebody else", "the seal it was"]
    {
        assert!(told.contains(words), "{words}: {told}");
    }
    let mut viewer = town.signed_in(&town.here, "viewer").await;
    let page = viewer.get(&format!("/office/reach/figures/{figure}")).await.text;
    assert!(page.contains("一覧が合いません") && page.contains("2人の行が"), "{page}");
    assert!(!page.contains("一覧を確かめました"), "{page}");
}
