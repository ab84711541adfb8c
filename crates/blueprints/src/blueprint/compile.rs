//! A blueprint with values into a policy: parameters put into the rules, rules checked against the facts, amounts resolved.
//! A file is checked so with its defaults when it is read; a town's own values when it sets them.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use tsunagari_kernel::municipality;
use tsunagari_people::FACTS;
use tsunagari_programmes::BenefitNo;
use tsunagari_programmes::answer_facts::{FIELDS, OPTIONS};
use tsunagari_programmes::round_count::Worth;
use tsunagari_programmes::{
    ANSWER_FACTS, Cap, Capacity, Choosing, Class, Condition, Field, FieldKind, Form, Policy, Quorum, Reference,
    WaitingList,
};
use tsunagari_rules::{Catalogue, Checked, Rule};

use super::{Amount, Benefit, Blueprint, JudgedOn, Values, WhoCondition};
use crate::BlueprintError;
use crate::error::Text;

/// How long an offered place is kept where the blueprint does not say.
const OFFER_HOURS: u32 = 48;

/// The facts a blueprint's rules may speak of: those about people, and those of its own form. Open lists of an organisation
/// (schools, purposes, interests) are for the caller to add.
pub fn catalogue_for(form: &Form) -> Catalogue {
    let fields = form.0.iter().map(|field| field.code.0.clone());
    let options = form.0.iter().flat_map(|field| match &field.kind {
        FieldKind::One { options } | FieldKind::Many { options, .. } => options.clone(),
        FieldKind::Line { .. } | FieldKind::Lines { .. } | FieldKind::Number { .. } | FieldKind::Day => Vec::new(),
        FieldKind::YesNo | FieldKind::Place | FieldKind::Phone | FieldKind::PostalCode => Vec::new(),
    });
    Catalogue::of(&[FACTS, ANSWER_FACTS])
        .unwrap_or_default()
        .with_codes("prefectures", municipality::prefectures().map(|it| it.code.to_string()))
        .with_codes("municipalities", municipality::all().iter().map(|it| it.code.to_string()))
        .with_codes(FIELDS, fields)
        .with_codes(OPTIONS, options)
}

/// Checks a blueprint as its file has it.
pub(super) fn check(text: Text<'_>, blueprint: &Blueprint) -> Result<(), BlueprintError> {
    let mut names = BTreeSet::new();
    for parameter in &blueprint.parameters {
        if parameter.default_value().is_none() {
            let fix = "write one of number, flag, code, codes, day";
            return Err(text.at(&named(&parameter.name), "parameters", "has no value, or more than one", fix));
        }
        if !names.insert(parameter.name.as_str()) {
            return Err(text.at_last(&named(&parameter.name), "parameters", "stands twice", "give each its own name"));
        }
    }
    let mut codes = BTreeSet::new();
    for condition in &blueprint.who.conditions {
        if !codes.insert(condition.code.as_str()) {
            let needle = format!("code = \"{}\"", condition.code);
            return Err(text.at_last(&needle, "conditions", "stands twice", "give each condition its own code"));
        }
    }
    for class in blueprint.gets.iter().flat_map(|it| &it.only_for) {
        if !blueprint.who.classes.iter().any(|it| it.code == *class) {
            return Err(text.at_last(class, "only_for", "names no class", "name a class of [[who.classes]]"));
        }
    }
    if blueprint.gets.is_empty() {
        return Err(text.at("slug", "gets", "is empty", "say what somebody gets"));
    }
    blueprint.policy_of(text, &Values::of(&blueprint.parameters)).map(drop)
}

fn named(name: &str) -> String {
    format!("name = \"{name}\"")
}

impl Blueprint {
    /// What one of each benefit costs under these values, where the blueprint says so; what is paid is counted by its payments.
    ///
    /// # Errors
    /// A number that is missing or of another sort; the place in a file is not told.
    pub fn worth(&self, values: &Values) -> Result<Vec<Worth>, BlueprintError> {
        let file = format!("{}.toml", self.slug);
        let text = Text { file: &file, text: "" };
        let mut all = Vec::new();
        for (benefit, it) in (1..).map(BenefitNo).zip(&self.gets).filter(|(_, it)| !it.is_money()) {
            if let Some(yen) = &it.yen {
                let yen = i64::from(amount(text, values, yen)?);
                all.push(Worth { benefit, only_for: it.only_for.clone(), yen });
            }
        }
        Ok(all)
    }

    /// What the programme does with these values.
    ///
    /// # Errors
    /// A value that is missing or of another sort, or a rule that does not fit the facts; the place in a file is not told.
    pub fn policy(&self, values: &Values) -> Result<Policy, BlueprintError> {
        let file = format!("{}.toml", self.slug);
        self.policy_of(Text { file: &file, text: "" }, values)
    }

    /// The names of what a class gets; of everything where nothing is kept for classes.
    pub fn gets_of(&self, class: Option<&str>) -> Vec<&str> {
        let theirs = |it: &&Benefit| {
            it.only_for.is_empty() || class.is_some_and(|class| it.only_for.iter().any(|of| of == class))
        };
        self.gets.iter().filter(theirs).map(|it| it.name.as_str()).collect()
    }

    /// What the programme asks.
    fn fields(&self, text: Text<'_>) -> Result<Form, BlueprintError> {
        let mut fields: Vec<Field> = Vec::with_capacity(self.form.len());
        for question in &self.form {
            let wrong =
                |problem| text.at(&format!("code = \"{}\"", question.code), "form", problem, "mend the question");
            let field = question.field().map_err(wrong)?;
            if fields.iter().any(|it| it.code == field.code) {
                return Err(wrong("stands twice"));
            }
            let known = |code| fields.iter().any(|it: &Field| it.code == code);
            if field.only_when.as_ref().is_some_and(|it| !known(it.field.clone())) {
                return Err(wrong("hangs on a question that does not stand before it"));
            }
            fields.push(field);
        }
        Ok(Form(fields))
    }

    fn policy_of(&self, text: Text<'_>, values: &Values) -> Result<Policy, BlueprintError> {
        let form = self.fields(text)?;
        let compiling = Compiling { text, values, catalogue: catalogue_for(&form) };
        let mut conditions = Vec::with_capacity(self.who.conditions.len());
        for condition in &self.who.conditions {
            conditions.extend(compiling.condition(condition)?);
        }
        let choose = &self.choose;
        let amount = |it: &Option<Amount>| it.as_ref().map(|it| compiling.amount(it)).transpose();
        let choosing = Choosing {
            how: choose.how,
            capacity: amount(&choose.places)?.map_or(Capacity::Open, Capacity::Places),
            waiting_list: match amount(&choose.waiting_list)? {
                None | Some(0) => WaitingList::None,
                Some(n) => WaitingList::UpTo(n),
            },
            offer_for: TimeDelta::hours(amount(&choose.offer_hours)?.unwrap_or(OFFER_HOURS).into()),
        };
        let mut caps = Vec::with_capacity(choose.caps.len());
        for cap in &choose.caps {
            caps.push(Cap { per: cap.per, within: cap.within, at_most: compiling.amount(&cap.at_most)? });
        }
        let judged_on = match self.who.judged_on {
            JudgedOn::ApplicationDay => Reference::ApplicationDay,
            JudgedOn::FiscalYearEnd => Reference::FiscalYearEnd,
            JudgedOn::EventDay => Reference::EventDay,
        };
        let mut classes = Vec::with_capacity(self.who.classes.len());
        for class in &self.who.classes {
            classes.push(Class { code: class.code.clone(), rule: compiling.rule(&class.rule)? });
        }
        let mainly_for = self.who.mainly_for.as_deref().map(|rule| compiling.rule(rule)).transpose()?;
        let applicant = self.who.applicant;
        Ok(Policy { applicant, judged_on, conditions, classes, mainly_for, choosing, caps, form })
    }
}

struct Compiling<'a> {
    text: Text<'a>,
    values: &'a Values,
    catalogue: Catalogue,
}

fn unnamed(text: Text<'_>, near: &str, name: &str) -> BlueprintError {
    let problem = format!("{{{name}}} is no parameter that can stand here");
    text.at(near, "parameters", &problem, "name a parameter of the file, of the sort that is needed")
}

/// An amount under these values.
pub(super) fn amount(text: Text<'_>, values: &Values, amount: &Amount) -> Result<u32, BlueprintError> {
    values.amount(amount).map_err(|name| unnamed(text, &format!("{{{name}}}"), &name))
}

impl Compiling<'_> {
    fn unnamed(&self, near: &str, name: &str) -> BlueprintError {
        unnamed(self.text, near, name)
    }

    fn amount(&self, it: &Amount) -> Result<u32, BlueprintError> {
        amount(self.text, self.values, it)
    }

    fn rule(&self, written: &str) -> Result<Rule<Checked>, BlueprintError> {
        let rule = self.values.put_into(written).map_err(|name| self.unnamed(written, &name))?;
        Rule::read(&rule, &self.catalogue).map_err(|error| {
            let fix = "use the facts and codes of the catalogue";
            self.text.at(written, "rule", &format!("`{rule}`: {error}"), fix)
        })
    }

    /// The condition; nothing where its parameter says no.
    fn condition(&self, it: &WhoCondition) -> Result<Option<Condition>, BlueprintError> {
        let holds = it.only_if.as_deref().map_or(Ok(true), |name| self.values.is_yes(name));
        if !holds.map_err(|name| self.unnamed("only_if", &name))? {
            return Ok(None);
        }
        let quorum = match (&it.at_least, it.share) {
            (Some(n), None) => Some(Quorum::AtLeast(self.amount(n)?)),
            (None, Some(share)) => Some(Quorum::Share(share)),
            (None, None) => None,
            (Some(_), Some(_)) => {
                let fix = "make two conditions of it";
                return Err(self.text.at(&it.code, "conditions", "has both a number and a share", fix));
            }
        };
        Ok(Some(Condition {
            code: it.code.clone(),
            about: it.about,
            rule: self.rule(&it.rule)?,
            staff_decides: it.staff_decides.as_deref().map(|rule| self.rule(rule)).transpose()?,
            quorum,
        }))
    }
}
