//! What an organisation has set about reach and job hunting, as one paragraph: beside a number of a past day that was counted
//! by other settings than today's, and in the list of what was set before.

use tsunagari_i18n::Texts;
use tsunagari_people::Policy;

/// The settings in words.
pub(super) fn policy_words(t: Texts, policy: &Policy) -> String {
    let guardian = match policy.reach.guardian_age {
        0 => t.get("policy-no-guardian"),
        age => t.count("policy-guardian", i64::from(age)),
    };
    let stale = if policy.reach.stale_counts { "policy-stale-counts" } else { "policy-stale-does-not" };
    let hunting = policy.job_hunting;
    [
        guardian,
        t.count(stale, i64::from(policy.reach.stale_after_days)),
        t.two("policy-job-hunting", "years", i64::from(hunting.years_before_last), "month", i64::from(hunting.month)),
    ]
    .concat()
}

/// What was set on a past day, when it was something else than is set now.
pub(super) fn set_then(t: Texts, then: &Policy, now: &Policy) -> Option<String> {
    (then != now).then(|| t.one("reach-set-then", "words", policy_words(t, then)))
}

#[cfg(test)]
mod tests {
    use tsunagari_i18n::Locale;

    use super::*;

    #[test]
    fn each_setting_is_told() {
        let mut policy = Policy::default();
        let t = Texts::of(Locale::Ja);
        assert_eq!(
            policy_words(t, &policy),
            "16歳未満は保護者の同意が要る。連絡先は400日で「古い」とみなし、届く人に数える。就活期は最終学年の1年前の4月から。"
        );
        policy.reach.guardian_age = 0;
        policy.reach.stale_counts = false;
        assert_eq!(
            policy_words(t, &policy),
            "保護者の同意を求めない。連絡先は400日で「古い」とみなし、届く人に数えない。就活期は最終学年の1年前の4月から。"
        );
    }
}
