//! How much money a benefit is: what the applicant claims in a field of the form, a share of that, and at most so much; or the same for
//! everybody; or what the staff decides. Leaves paying it to benefits.

use tsunagari_kernel::Yen;
use tsunagari_programmes::{Answer, Answers, BenefitNo, FieldCode, Share};

use super::compile::amount;
use super::{Benefit, BenefitKind, Blueprint, Values};
use crate::BlueprintError;
use crate::error::Text;

/// A benefit that is paid, under a town's values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paid {
    /// Its order in the programme.
    pub benefit: BenefitNo,
    /// What it is called.
    pub name: String,
    /// Classes that get it; all of them where none is named.
    pub only_for: Vec<String>,
    /// The field of the form in which it is claimed.
    pub claims: Option<FieldCode>,
    /// Which share of the claim is paid; all of it where none is named.
    pub share: Option<Share>,
    /// At most so much; without a claim, just so much.
    pub most: Option<Yen>,
}

impl Paid {
    /// What somebody gets who answered so; nothing where the staff decides it.
    pub fn due(&self, answers: Option<&Answers>) -> Option<Yen> {
        let Some(field) = &self.claims else { return self.most };
        let Some(Answer::Number(claimed)) = answers?.get(field) else { return None };
        let share = self.share.map_or(*claimed, |it| it.of_yen(*claimed));
        Some(Yen(self.most.map_or(share, |most| share.min(most.0)))).filter(|it| it.0 > 0)
    }

    /// Whether somebody of a class gets it.
    pub fn is_for(&self, class: Option<&str>) -> bool {
        self.only_for.is_empty() || class.is_some_and(|class| self.only_for.iter().any(|of| of == class))
    }
}

impl Benefit {
    /// Whether it is money that is paid out.
    pub const fn is_money(&self) -> bool {
        matches!(self.kind, BenefitKind::Reimbursement | BenefitKind::Grant)
    }
}

impl Blueprint {
    /// What it pays under these values, in the order of its benefits.
    ///
    /// # Errors
    /// A number that is missing or of another sort; the place in a file is not told.
    pub fn pays(&self, values: &Values) -> Result<Vec<Paid>, BlueprintError> {
        let file = format!("{}.toml", self.slug);
        let text = Text { file: &file, text: "" };
        let numbered = (1..).map(BenefitNo).zip(&self.gets).filter(|(_, it)| it.is_money());
        numbered
            .map(|(benefit, it)| {
                let most = it.yen.as_ref().map(|yen| amount(text, values, yen)).transpose()?;
                Ok(Paid {
                    benefit,
                    name: it.name.clone(),
                    only_for: it.only_for.clone(),
                    claims: it.claims.as_ref().map(|code| FieldCode(code.clone())),
                    share: it.share,
                    most: most.map(|yen| Yen(yen.into())),
                })
            })
            .collect()
    }
}

/// Checks what is said of money.
pub(super) fn check(text: Text<'_>, blueprint: &Blueprint) -> Result<(), BlueprintError> {
    for it in &blueprint.gets {
        if it.share.is_some() && it.claims.is_none() {
            return Err(text.at_last("share =", "gets", "has a share of nothing", "say with `claims` of which answer"));
        }
        let Some(code) = &it.claims else { continue };
        let near = format!("claims = \"{code}\"");
        if !it.is_money() {
            return Err(text.at(&near, "gets", "claims money that is not paid", "claim a reimbursement or a grant"));
        }
        let number = blueprint.form.iter().any(|ask| ask.code == *code && ask.takes_number());
        if !number {
            return Err(text.at(&near, "gets", "names no number of the form", "name a question that takes a number"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paid(claims: bool, share: Option<&str>, most: Option<i64>) -> Paid {
        let share = share.map(|it| Share::try_from(it.to_owned()).unwrap());
        let claims = claims.then(|| FieldCode("spent".into()));
        Paid { benefit: BenefitNo(1), name: String::new(), only_for: vec![], claims, share, most: most.map(Yen) }
    }

    #[test]
    fn a_claim_a_share_of_it_and_a_limit() {
        let spent = |yen| Answers([(FieldCode("spent".into()), Answer::Number(yen))].into());
        let due = |it: &Paid, yen| it.due(Some(&spent(yen))).map(|it| it.0);
        assert_eq!(due(&paid(true, None, None), 1_200), Some(1_200));
        assert_eq!(due(&paid(true, Some("2/3"), None), 1_000), Some(666), "what is not a whole yen is not paid");
        assert_eq!(due(&paid(true, Some("1/2"), Some(300)), 1_000), Some(300));
        assert_eq!(due(&paid(true, Some("1/2"), None), 1), None, "nothing is no payment");
        assert_eq!(paid(true, None, Some(300)).due(None), None, "without its answer the staff decides");
        assert_eq!(paid(false, None, Some(300)).due(None), Some(Yen(300)));
        assert_eq!(paid(false, None, None).due(Some(&spent(5))), None);
    }
}
