//! An audience being written: what the form holds between two requests, as clauses or as text, and the buttons that change
//! it (another condition, another alternative, take out, the other view). Leaves the rows' look to `clause_form`.

use tsunagari_kernel::era::eras;
use tsunagari_kernel::municipality;
use tsunagari_rules::{
    Catalogue, Checked, Clause, ClauseError, Clauses, Codes, FactKind, Group, ParamKind, Rule, RuleError, Sense,
};

use crate::office::people::form::Typed;
use crate::office::settings::number;

/// Which view is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum View {
    /// Built by clicking.
    Clicked,
    /// Written as text.
    Written,
}

/// Why a draft is no rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Fault {
    /// A clause of the form.
    Clause(ClauseError),
    /// A place of the text.
    Text(RuleError),
}

/// The form's state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Draft {
    pub view: View,
    pub everyone: bool,
    pub groups: Vec<Group>,
    pub text: String,
}

/// From this many codes on a list is typed instead of chosen.
pub(super) const LONG_LIST: usize = 100;

fn blank() -> Clause {
    Clause { sense: Sense::Holds, fact: "life_stage".into(), args: Vec::new(), op: "in".into(), values: Vec::new() }
}

/// The operator a new row of a kind begins with.
pub(super) fn usual_operator(kind: FactKind) -> &'static str {
    match kind {
        FactKind::Number { .. } | FactKind::Date => ">=",
        FactKind::Truth => "",
        FactKind::Text => "=",
        FactKind::Choice(_) => "in",
        FactKind::ChoiceSet(_) => "has any",
    }
}

impl Draft {
    /// A new one with one empty condition.
    pub(super) fn begun() -> Self {
        Self {
            view: View::Clicked,
            everyone: false,
            groups: vec![Group { any_of: vec![blank()] }],
            text: String::new(),
        }
    }

    /// Of a kept rule; one that no form can show opens as text, so does one that no longer reads.
    pub(super) fn of(text: &str, catalogue: &Catalogue) -> Self {
        let read = Rule::<Checked>::read(text, catalogue);
        let mut draft = Self { text: text.to_owned(), ..Self::begun() };
        match read.ok().and_then(|rule| rule.as_clauses()) {
            Some(Clauses::Everyone) => draft.everyone = true,
            Some(Clauses::All(groups)) => draft.groups = groups,
            None => draft.view = View::Written,
        }
        draft
    }

    /// From what was posted.
    pub(super) fn posted(typed: &Typed, catalogue: &Catalogue) -> Self {
        let mut groups: Vec<Group> = Vec::new();
        let mut last = "";
        for row in typed.all("row") {
            let Some((group, _)) = row.split_once('.') else { continue };
            let clause = clause(typed, row, catalogue);
            match groups.last_mut() {
                Some(open) if group == last => open.any_of.push(clause),
                Some(_) | None => groups.push(Group { any_of: vec![clause] }),
            }
            last = group;
        }
        Self {
            view: if typed.text("view") == "text" { View::Written } else { View::Clicked },
            everyone: typed.text("everyone") == "yes",
            groups,
            text: typed.text("rule").to_owned(),
        }
    }

    /// Does what a button says. Whether it was one of the draft's own.
    pub(super) fn press(&mut self, button: &str, catalogue: &Catalogue) -> bool {
        let mut words = button.split(':');
        let at = |word: Option<&str>| word.and_then(|word| word.parse::<usize>().ok());
        match words.next() {
            Some("condition") => self.groups.push(Group { any_of: vec![blank()] }),
            Some("alternative") => {
                if let Some(group) = at(words.next()).and_then(|index| self.groups.get_mut(index)) {
                    let like = group.any_of.last().cloned().unwrap_or_else(blank);
                    group.any_of.push(Clause { values: Vec::new(), ..like });
                }
            }
            Some("remove") => {
                let (group, clause) = (at(words.next()), at(words.next()));
                if let (Some(group), Some(clause)) = (group, clause) {
                    self.take_out(group, clause);
                }
            }
            Some("as-text") => {
                // What is half said would be lost as text: it stays, and its row says what lacks. Nothing said is no loss.
                match self.rule(catalogue) {
                    Ok(rule) => (self.text, self.view) = (rule.to_string(), View::Written),
                    Err(_) if self.says_nothing() => self.view = View::Written,
                    Err(_) => {}
                }
            }
            Some("as-form") => {
                if Rule::<Checked>::read(&self.text, catalogue).is_ok_and(|rule| rule.as_clauses().is_some()) {
                    *self = Self { text: self.text.clone(), ..Self::of(&self.text, catalogue) };
                } else if self.text.trim().is_empty() {
                    self.view = View::Clicked;
                }
            }
            Some("everyone") => {
                self.everyone = true;
                "everyone".clone_into(&mut self.text);
            }
            Some("refresh") => {}
            Some(_) | None => return false,
        }
        true
    }

    fn take_out(&mut self, group: usize, clause: usize) {
        if let Some(it) = self.groups.get_mut(group)
            && clause < it.any_of.len()
        {
            it.any_of.remove(clause);
        }
        self.groups.retain(|group| !group.any_of.is_empty());
    }

    /// Whether nothing at all is asked: no rule, and by itself nobody, not everyone.
    pub(super) fn is_empty(&self) -> bool {
        match self.view {
            View::Written => self.text.trim().is_empty(),
            View::Clicked => !self.everyone && self.groups.is_empty(),
        }
    }

    /// Whether the form stands as it began: rows that nothing was chosen in.
    fn says_nothing(&self) -> bool {
        self.groups.iter().flat_map(|group| &group.any_of).all(|clause| *clause == blank())
    }

    /// The rule, when it is one. No condition at all is refused, never everyone.
    pub(super) fn rule(&self, catalogue: &Catalogue) -> Result<Rule<Checked>, Fault> {
        match self.view {
            View::Written => Rule::<Checked>::read(&self.text, catalogue).map_err(Fault::Text),
            View::Clicked => {
                let clauses = if self.everyone { Clauses::Everyone } else { Clauses::All(self.groups.clone()) };
                clauses.to_rule(catalogue).map_err(Fault::Clause)
            }
        }
    }
}

/// One row as posted; an operator that does not fit its fact becomes the usual one, values of another shape are dropped.
fn clause(typed: &Typed, row: &str, catalogue: &Catalogue) -> Clause {
    let part = |name: &str| format!("{row}.{name}");
    let fact = typed.text(&part("fact")).to_owned();
    let sense = if typed.text(&part("sense")) == "not" { Sense::HoldsNot } else { Sense::Holds };
    let Some(def) = catalogue.fact(&fact) else {
        return Clause { sense, fact, args: Vec::new(), op: String::new(), values: Vec::new() };
    };
    let first = |codes: Codes| catalogue.codes(codes).first().map(|code| (*code).to_owned()).unwrap_or_default();
    let args = def.params.iter().enumerate().map(|(index, param)| {
        let given = typed.text(&part(&format!("arg{index}"))).trim().to_owned();
        match param.kind {
            ParamKind::Code(codes) if !catalogue.knows(codes, &given) => first(codes),
            ParamKind::Code(_) | ParamKind::Number | ParamKind::Date => given,
        }
    });
    let args = args.collect();
    let asked = typed.text(&part("op"));
    let op = if def.kind.operators().contains(&asked) && typed.text(&part("was")) == fact {
        asked
    } else {
        usual_operator(def.kind)
    };
    let same = typed.text(&part("was")) == fact;
    let values = if same { values(typed.all(&part("value")), def.kind, op, catalogue) } else { Vec::new() };
    Clause { sense, fact, args, op: op.to_owned(), values }
}

fn values(given: &[String], kind: FactKind, op: &str, catalogue: &Catalogue) -> Vec<String> {
    if matches!(op, "" | "is known" | "is unknown") {
        return Vec::new();
    }
    let many = matches!(op, "in" | "not in" | "has any" | "has all");
    let mut values: Vec<String> =
        given.iter().map(|value| value.trim().to_owned()).filter(|value| !value.is_empty()).collect();
    if let FactKind::Choice(codes) | FactKind::ChoiceSet(codes) = kind {
        if catalogue.codes(codes).len() > LONG_LIST {
            values = values
                .iter()
                .flat_map(|value| value.split(['、', ',', '，', ' ', '　']))
                .map(place_code)
                .filter(|value| !value.is_empty())
                .collect();
        }
    } else if many {
        values = values
            .iter()
            .flat_map(|value| value.split(['、', ',', '，']))
            .map(|value| value.trim().to_owned())
            .collect();
        values.retain(|value| !value.is_empty());
    }
    if let FactKind::Number { .. } = kind {
        // What is no number stays as it was typed, for the check to tell.
        values = values.iter().map(|value| number(value).map_or_else(|| value.clone(), |n| n.to_string())).collect();
    }
    if matches!(kind, FactKind::Date) {
        // As people write days (full width, the year of an era); what is none stays as it was typed, for the check to tell.
        let day = |value: &String| eras().read(value).map_or_else(|_| value.clone(), |it| it.day.to_string());
        values = values.iter().map(day).collect();
    }
    let most = if op == "between" {
        2
    } else if many {
        usize::MAX
    } else {
        1
    };
    values.truncate(most);
    values
}

/// The code of a municipality written by its name; anything else stays as it is, for the check to tell.
fn place_code(text: &str) -> String {
    let text = text.trim();
    match municipality::named(text).as_slice() {
        [one] => one.code.to_string(),
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tsunagari_people::facts::FACTS;

    fn catalogue() -> Catalogue {
        let places = municipality::all().iter().filter(|it| !it.code.is_prefecture()).map(|it| it.code.to_string());
        let prefectures = municipality::prefectures().map(|it| it.code.to_string());
        Catalogue::of(&[FACTS])
            .unwrap()
            .with_codes("municipalities", places)
            .with_codes("prefectures", prefectures)
            .with_codes("purposes", ["news"])
    }

    fn row(name: &str, fact: &str, op: &str, values: &[&str]) -> Typed {
        let typed = Typed::default()
            .with("row", name)
            .with(&format!("{name}.fact"), fact)
            .with(&format!("{name}.was"), fact)
            .with(&format!("{name}.op"), op);
        values.iter().fold(typed, |typed, value| typed.with(&format!("{name}.value"), *value))
    }

    #[test]
    fn rows_become_a_rule_and_the_rule_becomes_the_same_rows() {
        let catalogue = catalogue();
        let draft = Draft::posted(&row("0.0", "life_stage", "in", &["university_1", "university_2"]), &catalogue);
        let rule = draft.rule(&catalogue).unwrap();
        assert_eq!(rule.to_string(), "life_stage in (university_1, university_2)");
        assert_eq!(Draft::of(&rule.to_string(), &catalogue).groups, draft.groups);
    }

    #[test]
    fn days_are_read_as_people_write_them_and_what_is_none_stays() {
        let catalogue = catalogue();
        for (typed, rule) in
            [("２００５－０４－０２", "birth_date >= 2005-04-02"), ("平成17年4月2日", "birth_date >= 2005-04-02")]
        {
            let draft = Draft::posted(&row("0.0", "birth_date", ">=", &[typed]), &catalogue);
            assert_eq!(draft.rule(&catalogue).unwrap().to_string(), rule, "{typed}");
        }
        let draft = Draft::posted(&row("0.0", "birth_date", ">=", &["いつか"]), &catalogue);
        assert_eq!(draft.groups[0].any_of[0].values, ["いつか"]);
        assert!(draft.rule(&catalogue).is_err());
    }

    #[test]
    fn nothing_chosen_is_never_everyone() {
        let catalogue = catalogue();
        assert!(Draft::posted(&Typed::default(), &catalogue).rule(&catalogue).is_err());
        assert!(Draft::begun().rule(&catalogue).is_err());
        let everyone = Draft { everyone: true, ..Draft::begun() };
        assert_eq!(everyone.rule(&catalogue).unwrap().to_string(), "everyone");
    }

    #[test]
    fn an_empty_draft_becomes_everyone_only_by_its_own_button() {
        let catalogue = catalogue();
        for view in [View::Clicked, View::Written] {
            let mut draft = Draft { view, groups: Vec::new(), ..Draft::begun() };
            assert!(draft.is_empty() && draft.rule(&catalogue).is_err());
            assert!(draft.press("everyone", &catalogue) && !draft.is_empty());
            assert_eq!(draft.rule(&catalogue).unwrap().to_string(), "everyone");
        }
        assert!(!Draft::begun().is_empty(), "a row begun is not nothing");
    }

    #[test]
    fn places_are_typed_by_name() {
        let catalogue = catalogue();
        let draft = Draft::posted(&row("0.0", "residence_municipality", "in", &["島根県益田市、津和野町"]), &catalogue);
        assert_eq!(draft.rule(&catalogue).unwrap().to_string(), "residence_municipality in (322041, 325015)");
    }

    #[test]
    fn numbers_are_typed_in_either_width_and_what_is_none_stays() {
        let catalogue = catalogue();
        let posted = |op: &str, values: &[&str]| Draft::posted(&row("0.0", "age", op, values), &catalogue);
        let rule = |draft: Draft| draft.rule(&catalogue).unwrap().to_string();
        assert_eq!(rule(posted(">=", &["１８"])), "age >= 18");
        assert_eq!(rule(posted("between", &["１８", "2 2"])), "age between 18 and 22");
        assert_eq!(rule(posted("in", &["１８、19，２０"])), "age in (18, 19, 20)");
        for typed in ["18.5", "abc"] {
            let draft = posted(">=", &[typed]);
            assert_eq!(draft.groups[0].any_of[0].values, [typed]);
            let Err(Fault::Clause(wrong)) = draft.rule(&catalogue) else { panic!("{typed} became a rule") };
            assert_eq!(wrong.error.code, tsunagari_rules::ErrorCode::NotANumber);
        }
    }

    #[test]
    fn another_fact_takes_its_own_operator_and_no_values() {
        let catalogue = catalogue();
        let typed = Typed::default()
            .with("row", "0.0")
            .with("0.0.fact", "age")
            .with("0.0.was", "life_stage")
            .with("0.0.op", "in")
            .with("0.0.value", "high_3");
        let draft = Draft::posted(&typed, &catalogue);
        assert_eq!(draft.groups[0].any_of[0].op, ">=");
        assert!(draft.groups[0].any_of[0].values.is_empty());
    }

    #[test]
    fn buttons_add_and_take_out_and_both_views_hold_the_same_rule() {
        let catalogue = catalogue();
        let mut draft = Draft::posted(&row("0.0", "age", ">=", &["18"]), &catalogue);
        assert!(draft.press("alternative:0", &catalogue) && draft.press("condition", &catalogue));
        assert_eq!(draft.groups.iter().map(|it| it.any_of.len()).collect::<Vec<_>>(), [2, 1]);
        assert!(draft.press("remove:1:0", &catalogue) && draft.press("remove:0:1", &catalogue));
        assert!(draft.press("as-text", &catalogue));
        assert_eq!((draft.view, draft.text.as_str()), (View::Written, "age >= 18"));
        draft.text = "age >= 18 and reachable(news)".into();
        assert!(draft.press("as-form", &catalogue));
        assert_eq!((draft.view, draft.groups.len()), (View::Clicked, 2));
        assert!(!draft.press("save", &catalogue));
    }

    #[test]
    fn what_is_half_said_does_not_become_text() {
        let catalogue = catalogue();
        let mut draft = Draft::posted(&row("0.0", "age", ">=", &["18"]), &catalogue);
        draft.groups.push(Group { any_of: vec![Clause { fact: "age".into(), op: ">=".into(), ..blank() }] });
        assert!(draft.press("as-text", &catalogue));
        assert_eq!((draft.view, draft.groups.len()), (View::Clicked, 2), "nothing is thrown away");
        let mut blank = Draft::begun();
        assert!(blank.press("as-text", &catalogue));
        assert_eq!((blank.view, blank.text.as_str()), (View::Written, ""), "who would rather write begins so");
    }
}
