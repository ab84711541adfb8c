# Why a person is not reachable
reason-merged = Merged into another entry
reason-no-tie = No tie is recorded
reason-tie-ended = The tie has ended
reason-no-consent = No consent was given
reason-consent-withdrawn = Consent was withdrawn
reason-guardian-consent-needed = A guardian’s consent is needed
reason-no-contact-point = No contact point
reason-line-blocked = Blocked on LINE
reason-line-not-followed = Not yet a friend on LINE
reason-email-unverified = E-mail address not confirmed
reason-email-bounced = E-mail is not delivered
reason-postal-returned = Post came back
reason-contact-unverified = Contact point not confirmed
reason-contact-not-working = Contact point does not work
reason-stale = Not confirmed for a long time

# Stages of life
life-stage-before-high = Before high school
life-stage-high-1 = High school, year 1
life-stage-high-2 = High school, year 2
life-stage-high-3 = High school, year 3
life-stage-high-4 = High school, year 4
life-stage-technical-1 = Technical college (kosen), year 1
life-stage-technical-2 = Technical college (kosen), year 2
life-stage-technical-3 = Technical college (kosen), year 3
life-stage-technical-4 = Technical college (kosen), year 4
life-stage-technical-5 = Technical college (kosen), year 5
life-stage-junior-college-1 = Junior college, year 1
life-stage-junior-college-2 = Junior college, year 2
life-stage-junior-college-3 = Junior college, year 3
life-stage-vocational-1 = Vocational school, year 1
life-stage-vocational-2 = Vocational school, year 2
life-stage-vocational-3 = Vocational school, year 3
life-stage-vocational-4 = Vocational school, year 4
life-stage-university-1 = University, year 1
life-stage-university-2 = University, year 2
life-stage-university-3 = University, year 3
life-stage-university-4 = University, year 4
life-stage-university-5 = University, year 5
life-stage-university-6 = University, year 6
life-stage-graduate-1 = Graduate school, year 1
life-stage-graduate-2 = Graduate school, year 2
life-stage-graduate-3 = Graduate school, year 3
life-stage-graduate-4 = Graduate school, year 4
life-stage-graduate-5 = Graduate school, year 5
life-stage-other-school = Other school
life-stage-after-school = After school

# Kinds of schools
school-kind-junior-high = Junior high school
school-kind-high-school = High school
school-kind-technical-college = Technical college (kosen)
school-kind-junior-college = Junior college
school-kind-vocational = Vocational school
school-kind-university = University
school-kind-graduate-school = Graduate school
school-kind-other = Other
occupation-working = Working
occupation-other = Not decided, or something else

# Ties and how they end
tie-origin = Grew up here
tie-enrolled = At school here
tie-resident = Lives here
tie-related = Related from elsewhere
tie-guardian = Guardian
tie-end-left = Left by themselves
tie-end-ended-by-office = Ended by the office
tie-end-as-asked = At the person’s wish
tie-end-mistake = Entered by mistake
tie-end-deceased = Deceased

# Contact points
contact-kind-line = LINE
contact-kind-email = E-mail
contact-kind-phone = Telephone
contact-kind-postal = Post
contact-end-blocked = Blocked
contact-end-hard-bounce = Undeliverable
contact-end-returned = Returned
contact-end-complaint = Reported as unwanted
contact-end-removed = Removed
contact-end-replaced = Replaced

# Consents
consent-by-self = The person
consent-by-guardian = A guardian
consent-end-withdrawn-by-self = Withdrawn by the person
consent-end-withdrawn-by-guardian = Withdrawn by the guardian
consent-end-withdrawn-by-office = Withdrawn through the office
consent-end-left = Left
consent-end-replaced = Replaced by a newer consent
consent-end-undone = Its import was undone
person-locale-ja = Japanese
person-locale-ja-easy = Plain Japanese
person-locale-en = English

# Facts rules may speak of
fact-age = Age
fact-birth-date = Birth date
fact-cohort = Fiscal year of high-school graduation
fact-cohort-age = Years since the last year of high school
fact-high-school = High school
fact-school-kind = Kind of present school
fact-study-year = Study year
fact-life-stage = Stage of life
fact-job-hunting = In job-hunting season
fact-residence-prefecture = Prefecture of residence
fact-residence-municipality = Municipality of residence
fact-residence-abroad = Lives abroad
fact-tie = Has a tie
fact-tie-of = Has the tie “{ $kind }”
fact-had-tie = Has or had a tie
fact-had-tie-of = Has or had the tie “{ $kind }”
fact-interest = Interests
fact-consent = Consent in force
fact-consent-of = Consent to “{ $purpose }” in force
fact-reachable = Reachable
fact-reachable-of = Reachable for “{ $purpose }”
fact-reachable-by = Reachable through
fact-reachable-by-of = Reachable for “{ $purpose }” through { $channel }
fact-reason = Not reachable because
fact-reason-of = Not reachable for “{ $purpose }” because: { $reason }
fact-has-contact = Has a contact point
fact-has-contact-of = Has a contact point: { $channel }
fact-locale = Language
fact-guardian-known = Guardian known

# Fields of an import row
import-field-name = Name
import-field-kana = Reading
import-field-next = Next step

# Merging
merge-same-person = Both are the same entry. Choose another one
merge-already-merged = One of them was already merged
merge-guardian = One is the other’s guardian; they cannot be merged
merge-birth-dates-differ = The birth dates differ. Make sure this is one person
merge-consent-withdrawn = One entry withdrew a consent after the other had given it. After the merge the withdrawal holds
merge-names-differ = The names differ. Make sure this is one person
outcome-kind-local-employment = took up work in the town
outcome-kind-iju-turn-employment = took up work in the prefecture, coming from elsewhere
outcome-kind-move-in = moved here
outcome-kind-job-change = changed to a job here
outcome-kind-telework-return = came back and works for an employer elsewhere
outcome-kind-business = began a business here
outcome-kind-other = something else
fact-outcome = Has an outcome
fact-outcome-of = Has the outcome “{ $kind }”
