# The office's pages of programmes, rounds and applications.
shell-nav-programmes = Programmes
programmes-title = Programmes
programmes-the = Programme
programmes-name = Programme
programmes-kind = Kind
programmes-rounds-on = Rounds on
programmes-to-decide = Applications to decide
programmes-away = Put away
programmes-empty = There are no programmes yet
    .text = A programme is something you offer young people: an event, a parcel, a subsidy, a help desk. It says who may take part, how they are chosen and what they get; each time it is held you open a round and take applications. Begin with a blueprint made from what other towns do.
programmes-to-gallery = Choose a blueprint
programmes-gallery = Blueprints
    .lead = What towns across the country do, ready to be used. Once taken up it is your organisation's own programme, and you can change its values.
programmes-search = Search for words
programmes-find = Search
programmes-any = All
programmes-whose = Whose example
programmes-found = { $n ->
    [one] { $n } blueprint
   *[other] { $n } blueprints
}
programmes-none-found = No blueprint matches
    .text = Use fewer words, or set the kind to “All”.
programmes-search-all = See all
programmes-take-up = Use this blueprint
    .hint = Nobody sees it yet. Check its values, then open a round.

programmes-done-adopted = The programme was made. Check its values, then open a round.
programmes-done-kept = Saved as a new version.
programmes-done-put-away = The programme was put away.
programmes-done-taken-out = The programme was taken out again.
programmes-done-round-added = The round was made as a draft. Check it, then announce it.
programmes-done-round-kept = The round was saved.
programmes-done-announced = The round was announced.
programmes-done-called-off = The round was called off.
programmes-done-finished = The round was finished.
programmes-done-entered = The application was entered.
programmes-done-decided = Decided.
programmes-done-recorded = Recorded.
programmes-done-corrected = The record was taken back.
programmes-done-cancelled = The application was called off.

programmes-sheet = The programme’s sheet
programmes-sheet-overview = Overview
programmes-sheet-run-by = Run by
programmes-sheet-aims = Aims
programmes-sheet-content = Content
programmes-sheet-cost = Cost
programmes-sheet-goal = Goal
programmes-who = Who may take part
programmes-applicant = Who applies
programmes-applicant-oneself = The person themselves
programmes-applicant-parent = A parent or guardian, in their own name
programmes-applicant-group = Somebody for a group
programmes-applicant-company = A company
programmes-applicant-host = A resident with a wish
programmes-for-applicant = For the one who applies
programmes-for-named = For somebody the applicant names
programmes-conditions = Conditions
programmes-everybody = No conditions
programmes-condition-staff = { $words } (for others the staff may decide)
programmes-condition-off = { $words } (not used with the present values)
programmes-judged-on = Judged for
programmes-judged-on-application-day = The day of the application
programmes-judged-on-fiscal-year-end = The last day of the fiscal year
programmes-judged-on-event-day = The day of the event
programmes-classes = Class
programmes-chosen = How they are chosen
programmes-how = Way of choosing
programmes-how-open = Everybody who meets the conditions
programmes-how-first-come = First come, first served
programmes-how-draw = By a draw
programmes-how-review = By review
programmes-places-open = No limit
programmes-places-n = { $n ->
    [one] { $n } person
   *[other] { $n } people
}
programmes-times-n = { $n ->
    [one] once a year
   *[other] { $n } times a year
}
programmes-list-n = up to { $n }
programmes-offer = Places that become free
programmes-offer-n = kept for { $n } hours
programmes-caps = How often
programmes-cap = { $per }, { $within }: at most { $n }
programmes-per-applicant = Per applicant
programmes-per-beneficiary = Per recipient
programmes-per-household = Per household
programmes-per-group = Per group
programmes-within-round = in one round
programmes-within-fiscal-year = in a fiscal year
programmes-within-lifetime = ever
programmes-gets = What they get
programmes-benefits = They get
programmes-benefit = { $kind }: { $name }
programmes-benefit-only = { $words } (only { $classes })
programmes-questions = What they are asked
programmes-takes-line = One line
programmes-takes-lines = Some text
programmes-takes-number = A number
programmes-takes-day = A date
programmes-takes-yes-no = Yes or no
programmes-takes-one = One of
programmes-takes-many = Any of
programmes-takes-of = { $takes } ({ $options })
programmes-takes-place = A municipality
programmes-takes-phone = A telephone number
programmes-takes-postal-code = A postal code
programmes-may-be-empty = may be left empty
programmes-data = Source and notes
programmes-source = Source
programmes-source-words = { $document }, { $heading }
programmes-note-blank = Blank in the source
programmes-note-derived = Computed back
programmes-note-inferred = Inferred
programmes-note-quirk = Peculiar to the source
programmes-and = , { "" }
programmes-yes = Yes
programmes-no = No

programmes-values = The programme’s values
    .hint = Conditions and places use these values. Saving makes a new version; earlier applications keep the version they were made under.
programmes-inferred = Inferred
programmes-inferred-note = [Inferred] { $note }
programmes-keep = Save as a new version
programmes-value-number = Enter a number.
programmes-value-day = This is not a date. For example: 2026-04-01
programmes-value-empty = Enter a value.
programmes-value-place = This is not the name or code of a municipality.
programmes-value-wrong = The conditions do not work with this value of “{ $label }”. Check it.
programmes-values-wrong = The conditions do not work with these values. Check them.
programmes-conflict = Somebody else saved values first. Look at the versions below; if you still want yours, save once more.
programmes-versions = Versions
programmes-version = Version
programmes-version-n = Version { $n }
programmes-version-when = Made on
programmes-version-who = Made by
programmes-put-away = Put the programme away
    .ask = Put this programme away? Its rounds and applications stay, but no new round can be made. You can take it out again.
programmes-take-out = Take the programme out again

programme-kind-membership = Membership, news
programme-kind-parcel = Parcel
programme-kind-subsidy = Subsidy
programme-kind-event = Event
programme-kind-quest = Quest
programme-kind-community = Community
programme-kind-display = Display
programme-kind-placement = Work experience
programme-kind-desk = Help desk
programme-kind-challenge = Challenge
programme-kind-survey = Survey

benefit-news = News
benefit-seat = Seat
benefit-parcel = Parcel
benefit-reimbursement = Reimbursement
benefit-grant = Grant
benefit-coupon = Coupon
benefit-points = Points
benefit-prize = Prize
benefit-certificate = Certificate
benefit-display = Display
benefit-placement = Placement
benefit-companion = Companion

round-rounds = Rounds
round-none = There are no rounds yet. Make one to take applications.
round-new = Make a round
round-edit = Change the round
round-title = Title of the round
round-title-begun = { $title } ({ $year })
round-stage = Stage
round-when = Applications
round-year = Fiscal year
round-edition = Which time it is held
    .hint = Leave empty if you do not say
round-edition-n = No. { $n }
round-note = A word about the round
    .hint = Applicants read it.
round-opens = Applications begin
round-closes = Applications end
    .hint = Empty for no end.
round-places = Places
    .hint = Empty for no limit
round-budget = Budget (yen)
    .hint = Empty if none is set
round-list = Waiting list
round-list-none = None
round-list-up-to = Up to a number
round-list-endless = As long as need be
round-list-most = Length of the waiting list
round-venues = Venue
    .hint = Leave empty for what is held nowhere. Empty rows are left out.
round-venue = Venue { $n }
round-venue-name = Name
round-venue-address = Address
round-venue-online = Online link
round-venue-starts = Begins
round-venue-ends = Ends
round-venue-places = Places of this venue
    .hint = Empty: those of the round
round-venue-more = One more venue
round-keep = Save
round-time-unread = Enter a date and time. For example: 2026-04-01 10:00
round-number-unread = Enter a number from 0 on.
round-conflict = Somebody else changed this round first. Look at it as it is now, then press once more.
round-period = { $opens } to { $closes }
round-period-open = from { $opens }, no end
round-taken = { $n } of { $of }
round-taken-open = { $n } (no limit)
round-waiting = + { $n } waiting
round-not-open-yet = Announced, not open yet
round-open-now = Open
round-closed-now = Applications closed
round-step-announce = Announce
    .told = Everybody will see this round and can apply during its period. It cannot become a draft again.
round-step-call-off = Call the round off
    .told = It will take no more applications, and this cannot be undone. Those who applied are not told automatically.
round-step-finish = Finish the round
    .told = It will take no more applications, and this cannot be undone. The applications stay; attendance and benefits can still be recorded.

stage-draft = Draft
stage-finished = Finished
stage-called-off = Called off

place-asked = To decide
place-sent-back = Sent back
place-chosen = Chosen
place-waiting = Waiting
place-offered = Place offered
place-held = Takes part
place-withdrawn = Withdrawn
place-declined = Declined
place-lapsed = Offer ran out
place-cancelled = Called off
place-not-chosen = Not chosen

application-title = Applications
application-heading = Application { $receipt }
application-views = Where applications stand
application-view-all = All
application-view-asked = To decide
application-view-sent-back = Sent back
application-view-held = Takes part
application-view-offered = Place offered
application-view-waiting = Waiting
application-view-over = Over
application-none = No applications
    .text = Applications to an announced round appear here.
application-pick-all = Pick every application of this page
application-picked = With the picked applications
application-receipt = Receipt
application-name = Name
application-kana = Reading
application-applied = Applied on
application-place = Stands
application-for-staff = Staff decides
application-came = Came
application-absent = Did not come
application-completed = Completed
application-erased = Somebody who was erased
application-do-choose = Choose
application-do-admit = Let in
application-do-send-back = Send back
application-send-back-words = What is to be mended
application-send-back-hint = In words the applicant understands. They stand on the applicant’s own page.
application-asked = What was asked when it was sent back
application-do-not-choose = Do not choose
    .ask = Not choose this application? This cannot be undone.
application-do-came = Record: came
application-do-absent = Record: did not come
application-do-completed = Mark completed
application-do-call-off = Call the application off
    .ask = Call this application off? This cannot be undone. A free place is offered to whoever waits.
application-do-given = Record “{ $name }” as given
application-do-returned = Record “{ $name }” no. { $n } as returned
application-bulk-done = { $n ->
    [one] { $n } application done.
   *[other] { $n } applications done.
}
application-bulk-not = Not possible for { $n }: { $why }
application-bulk-nothing = Nothing was done. Pick applications first.
application-handed-by = Handed in
application-judged = Judged when it came in
application-next = What comes next
application-paper = What was handed in
application-paper-empty = Nothing was written.
application-paper-gone = The applicant was erased; what they wrote is gone.
application-paper-protected = The address of the applicant, or of the person it is for, is protected. Answers that may tell where they are (words, places, postal codes) are shown to nobody. Where you need one, ask in the way agreed with the person.
application-paper-closed = Only those who handle applications can open what was handed in. Each opening is recorded.
application-members = { $n ->
    [one] { $n } member
   *[other] { $n } members
}
application-conditions = Conditions as they are now
application-now = Now
application-also = The condition of this round
application-ledger = What happened
application-group = Name of the group
application-group-members = Members
application-for = Whom it is for
application-of-named = Recipient: { $what }
application-family = Family name
application-given = Given name
application-family-kana = Reading of the family name
application-given-kana = Reading of the given name
application-birth = Birth date
    .hint = For example: 2006-04-01
application-lives = Lives in
    .hint = Where a condition asks for it. For example: 松江市
application-member = Member { $n }
application-member-more = More members
application-only-when = Asked depending on “{ $question }”.
application-enter = Enter an application from paper
    .lead = First find who applies. Somebody who is not on record is added under People first.
application-enter-do = Enter the application
application-applicant = Applicant:
application-other = Somebody else
application-who-search = Find who applies
    .hint = Part of the name or its reading
application-who-none = Nobody found. Use a shorter name, or add them under People first.

outcome-met = Met
outcome-for-staff = Staff decides
outcome-not-known = Not known
outcome-not-met = Not met
handed-by-applicant = By the applicant
handed-by-staff = Entered by staff from paper

entry-no = No.
entry-when = When
entry-what = What
entry-who = Who
entry-with = { $what } ({ $more })
entry-annulled = Taken back
entry-take-back = Take back as a mistake
    .ask = Take this record back as a mistake? That it was taken back stays on record.
entry-applied = Applied
entry-amended = Amended
entry-withdrawn = Withdrawn
entry-screened = Reviewed
entry-screened-admitted = let in
entry-screened-chosen = chosen
entry-screened-sent-back = sent back
entry-screened-not-chosen = not chosen
entry-drawn = Drawn
entry-drawn-as = { $lot }, no. { $rank }
entry-drawn-won = won
entry-drawn-behind = behind
entry-queued = On the waiting list
entry-queued-as = no. { $n }
entry-offered = A place was offered
entry-offered-until = until { $until }
entry-accepted = Offer taken
entry-declined = Offer declined
entry-lapsed = Offer ran out
entry-enrolled = Has a place
entry-attended = Came
entry-absent = Did not come
entry-fulfilled = Given
entry-returned = Came back
entry-benefit = { $name } no. { $n }
entry-rewarded = Rewarded
entry-completed = Completed
entry-cancelled-by-office = Called off by the office
entry-corrected = A record was taken back
entry-annuls = no. { $n }

today-applications = { $n ->
    [one] { $n } application to “{ $title }” waits for a decision
   *[other] { $n } applications to “{ $title }” wait for a decision
}
today-applications-why = Programmes

## The draw of a round

draw-link = Draw
draw-office-title = Draw of { $round }
draw-office-lead = How it is decided is told first, then who takes part is settled, then it is drawn. Anybody can check that the result is the same.
draw-step-prepare = 1. Tell how it is decided
draw-step-prepare-text = When the round is announced, the hash of a random seed stands on its page. The seed is told after the draw, so not even the staff can choose the result. To decide by the numbers of a public draw instead (a lottery), give its name and date before announcing.
draw-step-freeze = 2. Settle who takes part
draw-step-freeze-text = After the period ends (from { $closes }). { $n } applications wait for the draw now. The list of receipt numbers and its hash are published then, and nobody can be added afterwards.
draw-step-run = 3. Draw
draw-step-run-text = Those drawn get their places. The others stand behind in the drawn order and are offered what becomes free. It cannot be repeated.
draw-step-done = Done
draw-step-now = Now
draw-step-later = Later
draw-step-missed = Not possible
draw-do-prepare = Decide this way
draw-do-freeze = Settle who takes part
draw-do-freeze-ask = Settle who takes part? Nobody can be added afterwards.
draw-do-run = Draw
draw-do-run-ask = Draw now? It cannot be repeated.
draw-field-named = Name and date of the public draw
draw-field-named-hint = For example: year-end public draw, first prize, 31 December 2026. Left empty, the program's own seed decides.
draw-field-numbers = Numbers of the public draw
draw-field-numbers-hint = One draw a line, with commas or spaces between the numbers. For example: 2, 5, 12, 8, 10
draw-numbers-unreadable = A line could not be read as numbers. Write one draw a line, with commas or spaces between the numbers.
draw-missed = This round cannot be drawn
draw-missed-text = The period ended before anybody was told how it is decided. A way chosen once it is known who applied cannot be shown to be fair. Make a new round, announce it, and take applications again.
draw-public = The page of the proof, for everybody
draw-order-more = { $n ->
    [one] One more stands
   *[other] { $n } more stand
} on the page of the proof.
programmes-done-draw-prepared = How it is drawn is decided.
programmes-done-draw-frozen = Who takes part is settled.
programmes-done-draw-drawn = Drawn.

## The rehearsal of a programme

rehearsal-link = Rehearse
rehearsal-title = Rehearsal of { $programme }
rehearsal-lead = Invented people go through it with the values it has now, from applying to coming and receiving. Nothing of it stays in this office's people or applications. It takes some seconds.
rehearsal-play = Begin the rehearsal
rehearsal-again = Rehearse again
rehearsal-ok = { $n ->
    [one] The example
   *[other] All { $n } examples
} came to what they come to in the source's programme
rehearsal-ok-text = What was recorded of places, waiting and giving agrees to the end.
rehearsal-differs = { $n ->
    [one] One example
   *[other] { $n } examples
} came to something else than in the source's programme
rehearsal-differs-text = Because values were changed, or because of a place near the source's town. See in the table below whether it is what you mean.
rehearsal-wrong = The rehearsal's records do not agree
rehearsal-wrong-text = Places or waiting are not what the records come to when counted again. Do not announce a round; tell whoever maintains this installation.
rehearsal-cases = Examples at the boundaries
rehearsal-cases-hint = Examples that come with the blueprint, of people just on either side of a condition. “In the source” is what they come to in the town it was taken from.
rehearsal-case = Example
rehearsal-said = In the source
rehearsal-here = Here
rehearsal-because = Why
rehearsal-other = other than the source
rehearsal-not-played = cannot be tried
rehearsal-season = From beginning to end
rehearsal-people = Invented people
rehearsal-applications = Applications taken
rehearsal-for-staff = Left to the staff
rehearsal-waited = Waited for a place
rehearsal-chosen = Chosen
rehearsal-came = Came
rehearsal-absent = Did not come
rehearsal-fulfilled = Given
rehearsal-refused = Refused because of
rehearsal-reason-cap = as often as possible already
rehearsal-reason-full = no place left
rehearsal-reason-unsaid = a question without an answer
rehearsal-reason-other = something else
verdict-yes = may apply
verdict-no = may not
verdict-asks = is asked for what is missing
verdict-staff = the staff decides
verdict-waits = waits for a place
verdict-full = no place left

## What an applicant was told

application-notices = What the applicant was told
application-went = How
application-untold = No message tells them: { $what }
application-untold-text = Neither LINE nor mail reaches them, or their address is protected. Tell them by telephone, by letter, or as was agreed with them.
notice-received = it came in
notice-held = they have a place
notice-waiting = they are on the waiting list
notice-offered = a place is offered
notice-sent-back = something is to be mended
notice-not-chosen = not chosen
notice-lapsed = the offer ran out
notice-called-off = called off by the office
went-due = will be sent
went-line = sent by LINE
went-mail = sent by mail
went-nowhere = reaches nobody
rehearsal-notices = Notices to applicants
