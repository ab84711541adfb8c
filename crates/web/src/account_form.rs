//! The form of a bank account, for residents and for the staff: by the names other banks use, or by the symbol and number of the post
//! office's bank. Which of the two is asked first, so that nobody looks for a number they do not have. Leaves what an account is to benefits.

use tsunagari_benefits::account::AccountKind;
use tsunagari_benefits::{Account, SaidAccount};
use tsunagari_i18n::Texts;

use crate::shell::components::{Choices, Field};

/// By which names it is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Names {
    /// Symbol and number.
    Yucho,
    /// Bank, branch, sort and number.
    Bank,
}

impl Names {
    /// Both, in the order they are offered.
    pub(crate) const ALL: [Self; 2] = [Self::Yucho, Self::Bank];

    /// The code, in addresses and forms and as in the locale keys `account-names-…`.
    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::Yucho => "yucho",
            Self::Bank => "bank",
        }
    }

    /// The one of a code.
    pub(crate) fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.code() == code)
    }
}

/// The sorts of accounts, in the order they are offered, with the codes of the form and of the locale keys `account-kind-…`.
const KINDS: [(AccountKind, &str); 4] = [
    (AccountKind::Ordinary, "ordinary"),
    (AccountKind::Current, "current"),
    (AccountKind::Savings, "savings"),
    (AccountKind::Other, "other"),
];

/// The code of a sort.
pub(crate) fn kind_code(kind: AccountKind) -> &'static str {
    KINDS.iter().find(|(it, _)| *it == kind).map_or("other", |(_, code)| code)
}

/// The sort of a code.
pub(crate) fn kind_of(code: &str) -> Option<AccountKind> {
    KINDS.iter().find(|(_, it)| *it == code).map(|(kind, _)| *kind)
}

/// The sorts to choose from.
pub(crate) fn kinds(t: Texts, chosen: &str, error: Option<String>) -> Choices {
    let all = KINDS.iter().fold(Choices::radio(t, "kind", t.get("account-kind")), |all, (_, code)| {
        let label = t.get(format!("account-kind-{code}"));
        all.option(*code, label)
    });
    all.chosen(chosen).error(error)
}

/// The fields, with what was typed, and what is wrong at each.
pub(crate) struct AccountFields {
    /// Above the sort: the bank and its branch, or the symbol.
    pub(crate) before: Vec<Field>,
    /// The sort; nothing for the post office's bank, whose symbol tells it.
    pub(crate) kind: Option<Choices>,
    /// Below it: number and holder.
    pub(crate) after: Vec<Field>,
}

impl AccountFields {
    /// `typed` gives what stands in a field, `wrong` what is wrong with it.
    pub(crate) fn of(
        t: Texts,
        names: Names,
        typed: impl Fn(&str) -> String,
        wrong: impl Fn(&str) -> Option<String>,
    ) -> Self {
        let field = |name: &str, key: &str| {
            let hint = t.get(format!("{key}.hint"));
            Field::text(t, name, t.get(key)).hint(hint).value(typed(name)).error(wrong(name)).required()
        };
        let holder = field("holder", "account-holder");
        match names {
            Names::Yucho => Self {
                before: vec![field("symbol", "account-symbol")],
                kind: None,
                after: vec![field("number", "account-yucho-number"), holder],
            },
            Names::Bank => {
                let chosen = Some(typed("kind")).filter(|it| !it.is_empty()).unwrap_or_else(|| "ordinary".into());
                Self {
                    before: vec![field("bank", "account-bank"), field("branch", "account-branch")],
                    kind: Some(kinds(t, &chosen, wrong("kind"))),
                    after: vec![field("number", "account-number"), holder],
                }
            }
        }
    }
}

/// What was typed, as an account is told.
pub(crate) fn said(names: Names, typed: impl Fn(&str) -> String) -> SaidAccount {
    let (number, holder) = (typed("number"), typed("holder"));
    match names {
        Names::Yucho => SaidAccount::Yucho { symbol: typed("symbol"), number, holder },
        Names::Bank => SaidAccount::Bank {
            bank: typed("bank"),
            branch: typed("branch"),
            kind: kind_of(&typed("kind")).unwrap_or(AccountKind::Ordinary),
            number,
            holder,
        },
    }
}

/// What a field of the form shows of a known account.
pub(crate) fn shown(it: &Account, field: &str) -> String {
    match field {
        "bank" => it.bank.to_string(),
        "branch" => it.branch.to_string(),
        "kind" => kind_code(it.kind).to_owned(),
        "number" => it.number.to_string(),
        "holder" => it.holder.to_string(),
        _ => String::new(),
    }
}

/// An account in a line, whole.
pub(crate) fn in_full(t: Texts, it: &Account) -> String {
    let kind = t.get(format!("account-kind-{}", kind_code(it.kind)));
    format!("{}-{} {kind} {}", it.bank, it.branch, it.number)
}

/// An account in a line: where it is and its last digits, so that its owner knows it again and nobody else learns it.
pub(crate) fn in_short(t: Texts, it: &Account) -> String {
    let number = it.number.to_string();
    let last: String = number.chars().skip(number.chars().count().saturating_sub(3)).collect();
    t.with(
        "account-in-short",
        &[("bank", it.bank.to_string().into()), ("branch", it.branch.to_string().into()), ("last", last.into())],
    )
}

#[cfg(test)]
mod tests {
    use tsunagari_i18n::Locale;

    use super::*;

    #[test]
    fn what_is_shown_is_read_back_as_the_same_account() {
        let typed = |field: &str| {
            let value = match field {
                "bank" => "0167",
                "branch" => "001",
                "kind" => "savings",
                "number" => "1234567",
                _ => "イワミ ハナコ",
            };
            value.to_owned()
        };
        let account = said(Names::Bank, typed).account().unwrap();
        assert_eq!(said(Names::Bank, |field| shown(&account, field)).account(), Ok(account.clone()));
        let short = in_short(Texts::of(Locale::Ja), &account);
        assert!(short.contains("567") && !short.contains("1234"), "{short}");
        for names in Names::ALL {
            assert_eq!(Names::parse(names.code()), Some(names));
        }
    }
}
