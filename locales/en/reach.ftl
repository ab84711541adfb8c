# The dashboard of reach.
reach-as-of = As of
    .hint = Leave empty for today. For a past day, those who could be reached on that day are counted anew.
reach-day-to-come = This day has not come yet. The numbers below are of today.
reach-set-then = What was set on that day differs from today: { $words }
reach-show = Show this day
reach-at = As of { $date }
reach-bad-date = This date cannot be read. Write it like 2026-03-16.
reach-empty = No indicators yet
    .text = They stand here once an administrator has decided under Plan and indicators in the settings.
    .begin = Decide plan and indicators
reach-people = Reachable
reach-not-people = Not reachable
reach-of-known = Of { $people } people known in scope
reach-target = Target
reach-against-target = Target: { $target }
reach-no-target = No target is set for this year
reach-rate-now = { $rate } of { $people } ({ $name })
reach-small-numbers = In breakdowns numbers from 1 to 9 are hidden (—) and the others rounded to 5. Who may see people sees them as they are.
reach-head-year = Fiscal year
reach-head-rate = Rate ({ $name })
reach-head-state = How counted
reach-head-people = People
reach-published-on = Published { $date }
reach-computed-for = Not published ({ $date })
reach-to-come = To come
reach-chart-description = Target and reachable people for each fiscal year. The table holds the same numbers.
reach-reasons = Why people are not reached
    .note = A person may have several reasons; they do not add up to the people not reached.
reach-reasons-stale = {" "}“{ $reason }” is no reason by itself, because stale contact points are set to count: it tells how many of those not reached for other reasons also have stale contact points.
reach-reason = Reason
reach-denominator-note = Denominator "{ $name }": { $source }
reach-recounted-at = Past years were last counted anew { $time }. Published figures do not change.
reach-recount = Count again now
reach-publish = Publish this figure
reach-publish-title = Publish: { $name }
reach-publish-means = Publishing freezes the definition, the number and the list of people as they are now. A mistake can be withdrawn with a reason; the record stays.
reach-publish-not = Back without publishing
reach-publish-unfinished = { $year } is not over yet
    .text = What is reported for the plan is the number at the end of the year ({ $date }). If you publish one on the way, say so in the note.
reach-publish-stands = For this year { $people } people as of { $date } are published
    .text = The newer day becomes the figure of this year. The earlier one is kept.
    .open = See the published figure
reach-withdraw = Withdraw this figure
reach-withdraw-means = The number and its list stay on record, marked as withdrawn. They no longer stand for the year.
reach-withdraw-reason = Why it is withdrawn
    .hint = Read by auditors.
reach-withdrawn-on = Withdrawn
reach-withdrawn-by = Withdrawn by
reach-withdrawn-why = Why it was withdrawn
reach-withdrawn-line = The figure of { $year } (as of { $date }, { $people } people) was withdrawn on { $on }. Reason: { $reason }
refused-figure-published-before = A figure of the same day is published. If it is wrong, withdraw it first.
refused-figure-withdrawal-without-reason = Write why it is withdrawn. Auditors will read it.
refused-figure-withdrawal-reason-long = The reason may have 500 characters. Please shorten it.
refused-figure-withdrawn-before = This figure has been withdrawn already.
reach-head-published = Published
reach-head-computed = Counted anew
reach-head-difference = Difference
reach-last-march = End of last fiscal year ({ $date })
reach-since-then = { $difference } since then
reach-cohorts = By year of leaving school
reach-cohort = Leaves school in
reach-known = Known
reach-group = Which people
reach-group-reached = Reachable people
reach-group-not-reached = People not reached
reach-group-known = People known in scope
reach-nobody = Nobody fits
    .text = Other conditions show other people.
reach-export-hint = Everybody of this list. That it was taken out is recorded.
reach-figures-xlsx = Figures as Excel
reach-figures-csv = Figures as CSV
reach-sheet = Figures
reach-figure-frozen = Definition, count and list as they were published. They do not change.
reach-figure-list = The people behind this figure
reach-figure-export-hint = Everybody of the published list. That it was taken out is recorded.
reach-definition = Definition and check values
reach-seal-yes = The list was checked
reach-seal-no = The list does not fit
reach-seal-fits = { $n ->
    [one] The list counts { $n } person, as published, and is as it was sealed.
   *[other] The list counts { $n } people, as published, and is as it was sealed.
}
reach-seal-number = { $n ->
    [one] The list counts { $n } person, another number than was published.
   *[other] The list counts { $n } people, another number than was published.
}
reach-seal-people = { $n ->
    [one] { $n } line does not fit the person it was made for.
   *[other] { $n } lines do not fit the people they were made for.
}
reach-seal-broken = The list does not give the seal it was published with.
reach-seal-erased = { $n ->
    [one] { $n } person was erased since. The line stays in the seal; whose it was can no longer be shown.
   *[other] { $n } people were erased since. Their lines stay in the seal; whose they were can no longer be shown.
}
reach-seal-how = In the published list taken out as CSV, the first three columns (number, mark, in the number) without the header give the seal of the list when SHA-256 is computed over them. On Linux this command does it.
reach-seal-others = Whoever may export the list (editor, administrator) can compute the seal again from the file, and so check that the list is as it was published.
reach-protected = { $n ->
    [one] { $n } of the people counted has a protected address. Messages whose recipients a rule chooses are not sent to them.
   *[other] { $n } of the people counted have protected addresses. Messages whose recipients a rule chooses are not sent to them.
}
reach-col-number = Number
reach-col-mark = Mark of the line
reach-col-in-number = In the number (1)
reach-col-person = Id of the person
reach-col-salt = Salt of the line
reach-withdrawn = This figure was withdrawn
reach-published-by = Published by
reach-note = Note
    .hint = Kept beside the published figure. May be empty.
reach-counted = Counted or not
reach-rate-of = { $rate } of { $people }
reach-erased = (erased person)
reach-state-published = published
reach-state-computed = counted, not published
reach-state-withdrawn = withdrawn
reach-state-blank = blank
reach-bound-exactly = this number
reach-bound-at-least = this number or more
reach-bound-at-most = this number or fewer
reach-provenance-stated = stated
reach-provenance-derived = computed back from the rate
reach-provenance-inferred = inferred
reach-col-code = Code
reach-col-body = Body
reach-col-indicator = Indicator
reach-col-year = Fiscal year
reach-col-year-number = Fiscal year (western)
reach-col-state = State
reach-col-target = Target
reach-col-bound = Kind of target
reach-col-published = People published
reach-col-computed = People counted anew
reach-col-difference = Difference
reach-col-as-of = As of
reach-col-denominator = Denominator
reach-col-denominator-people = People of the denominator
reach-col-provenance = Kind of denominator
reach-col-source = Source of the denominator
reach-col-rate = Rate (%)
reach-col-unit = Unit
reach-col-purpose = Purpose of reach
reach-col-rule = Rule
reach-col-set = What was set that day
reach-col-set-now = What the recount is counted by
reach-set-published = What was set when it was published
reach-year-set = { $year } is recounted by other settings than the people reachable above: { $words }
reach-col-rule-hash = Hash of the rule (SHA-256)
reach-col-list-hash = Seal of the list (SHA-256)
reach-col-withdrawn-on = Withdrawn on
reach-col-withdrawn-why = Why it was withdrawn
reach-col-published-on = Published on
refused-figure-as-of-in-future = A day that has not come cannot be published. Choose today or an earlier day.
refused-figure-list-differs = People's records changed while this was counted. Please try again.
refused-indicator-rule-broken = The indicator's rule cannot be read ({ $why }). Choose the plan again in the settings.
refused-not-a-network = This page is for bodies that have members: a network or a prefecture.
people-export-kind-people = list of people
people-export-kind-figures = figures
people-export-kind-figure-members = people behind a figure
people-export-kind-rollup = members together
act-load-campaign = took in a past message
act-load-followers = took in LINE friends
act-load-segments = took in past audiences
act-keep-network-members = recorded members
