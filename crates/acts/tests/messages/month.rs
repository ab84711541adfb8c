//! The month's LINE messages against what is approved: told before they run out, and only then.

use tsunagari_acts::forecast_month::forecast_month;
use tsunagari_acts::preview_campaign::preview_campaign;
use tsunagari_acts::submit_campaign::submit_campaign;
use tsunagari_acts::write_campaign::{Written, begin_campaign};
use tsunagari_kernel::Timestamp;
use tsunagari_line_sim::state::QuotaPlan;
use tsunagari_outreach::quota::ForecastVerdict;
use tsunagari_storage::testing::BOTH;

use crate::town::{Has, Town, text};

async fn approved(town: &Town, at: Option<Timestamp>) {
    let message = text("お知らせ");
    let written = Written {
        title: "帰省".into(),
        purpose: "info".into(),
        segment: None,
        rule: "everyone".into(),
        message,
        proposed: None,
    };
    let id = begin_campaign(&town.house, &town.writer(), written).await.unwrap();
    submit_campaign(&town.house, &town.writer(), id).await.unwrap();
    town.approve(id, at).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_month_that_will_not_do_is_told_beforehand() {
    for (hours, kind) in (1..).zip(BOTH) {
        let town = Town::open(kind, &[Has::Line, Has::Line, Has::Line, Has::Email]).await;
        // What LINE said is remembered for a minute by channel, and all towns of this process have the same.
        town.clock.advance(chrono::TimeDelta::hours(hours));
        town.allowed(QuotaPlan::Limited(10), 5);
        assert_eq!(forecast_month(&town.house, &town.viewer()).await.unwrap(), None, "{kind:?}: nothing is approved");
        approved(&town, None).await;
        assert_eq!(forecast_month(&town.house, &town.viewer()).await.unwrap(), None, "5 and 3 are no more than 10");
        let next_month = Timestamp::start_of(chrono::NaiveDate::from_ymd_opt(2026, 4, 2).unwrap());
        approved(&town, Some(next_month)).await;
        assert_eq!(forecast_month(&town.house, &town.viewer()).await.unwrap(), None, "April has its own messages");
        approved(&town, None).await;
        let short = forecast_month(&town.house, &town.viewer()).await.unwrap().unwrap();
        assert_eq!((short.used, short.planned, short.allowed), (5, 6, 10), "{kind:?}");
        // The control: without a limit the same messages are no news.
        town.allowed(QuotaPlan::None, 5);
        town.clock.advance(chrono::TimeDelta::minutes(2));
        assert_eq!(forecast_month(&town.house, &town.viewer()).await.unwrap(), None);
    }
}

/// One number of the month everywhere: the smaller of what the plan has and what LINE allows.
#[tokio::test(flavor = "multi_thread")]
async fn what_line_allows_counts_where_it_is_less_than_the_plan() {
    for (hours, kind) in (10..).zip(BOTH) {
        let town = Town::open(kind, &[Has::Line, Has::Line, Has::Line, Has::Email]).await;
        town.clock.advance(chrono::TimeDelta::hours(hours));
        town.allowed(QuotaPlan::Limited(6), 5);
        let written = Written {
            title: "帰省".into(),
            purpose: "info".into(),
            segment: None,
            rule: "everyone".into(),
            message: text("お知らせ"),
            proposed: None,
        };
        let id = begin_campaign(&town.house, &town.writer(), written).await.unwrap();
        let cost = preview_campaign(&town.house, &town.viewer(), id).await.unwrap().cost.unwrap();
        assert_eq!((cost.allowed, cost.beyond_allowed(), cost.short()), (Some(6), Some(2), Some(2)), "{kind:?}");
        assert_eq!(cost.forecast.verdict, ForecastVerdict::DoesNotFit, "{kind:?}");
    }
}
