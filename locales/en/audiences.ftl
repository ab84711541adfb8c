# Audiences
audience-empty = No audiences yet
    .text = Give a name to a rule such as “first and second year at university, living in Kansai” and choose it for every message.
audience-new = New audience
audience-name = Name
audience-rule = Rule
audience-now = Fit the rule
audience-used-by = Messages
audience-unused = Not used yet
audience-used = { $n ->
    [one] { $n } message
   *[other] { $n } messages
}
audience-people = { $n ->
    [one] { $n } person
   *[other] { $n } people
}
audience-kept = The audience was saved.
audience-archived = The audience was put away. To use it again, take it out under “Put away” below.
audience-put-away = Put away
audience-take-out = Take out again
audience-taken-out = The audience is in use again.
refused-audience-name-in-use = An audience in use has the same name. Rename that one first, then take this one out.
audience-everyone = Everyone
    .hint = No conditions: everybody recorded is chosen.
audience-and = and
audience-or = or
audience-box = Condition { $n }
audience-fact = What
audience-op = How
audience-value = Value
audience-sieve = Look for a value
audience-sense = Must
audience-sense-holds = hold
audience-sense-not = not hold
audience-remove = Remove this condition
audience-add-or = Add “or”
audience-add-and = Add a condition (and)
audience-as-text = Write as text
audience-as-form = Build by choosing
audience-text = The rule as text
    .hint = For example: { $example }. Everybody is written everyone.
audience-facts = Facts and examples
    .text = Each example reads as it stands. Join them with and, or, not and brackets.
audience-facts-name = Written as
audience-facts-example = Example
audience-facts-means = What the example means
audience-refresh = Count again
audience-result = Who fits now
audience-purpose = Reach for which purpose
audience-purpose-none = Do not ask for reach
audience-count = In this audience
audience-unit = { "" }
audience-matched = { $n ->
    [one] of { $n } person who fits the rule
   *[other] of { $n } people who fit the rule
}
audience-left = { $n ->
    [one] Fits but is not reached: { $n } person
   *[other] Fit but are not reached: { $n } people
}
audience-reasons-hint = A person may have several reasons. They are counted for each; a message counts everybody for one reason only.
audience-some = Ten of them
audience-all = See all of them
audience-others = See all who are not reached
audience-not-yet = The rule is not complete yet. Choose what and which value to see the number.
audience-no-condition = There is no condition. Add one, or mark “Everyone”.
audience-empty-rule = The rule is empty. As it is, nobody is chosen.
    .text = To choose everybody registered, press the button below, look at the number of people, then save.
    .action = Choose everybody and count
audience-choose-value = There is no value yet: choose or type one.
audience-keep = Name and save
audience-why = What it is for
    .hint = So that others understand later. Kept with the rule.
audience-save = Save
audience-archive = Put this audience away
    .ask = It leaves the list. Messages sent before are not affected.
audience-subject-person = Person
audience-subject-school = School and stage
audience-subject-home = Where they live
audience-subject-tie = Ties and interests
audience-subject-reach = Consent and reach
audience-subject-other = Other
audience-param-purpose = Purpose
audience-param-channel = Contact point
audience-param-reason = Reason
audience-param-kind = Kind
audience-op-holds = is so
audience-op-equal = is
audience-op-not-equal = is not
audience-op-less = less than
audience-op-at-most = at most
audience-op-greater = more than
audience-op-at-least = at least
audience-op-less-day = before
audience-op-at-most-day = on or before
audience-op-greater-day = after
audience-op-at-least-day = on or after
audience-op-between = between
audience-op-in = is one of
audience-op-not-in = is none of
audience-op-has = includes
audience-op-has-any = includes any of
audience-op-has-all = includes all of
audience-op-is-known = is known
audience-op-is-unknown = is not known
audience-value-places = Names of municipalities (separated by commas)
audience-value-day = Day (2026-04-01, today - 30 days)
audience-value-year = Fiscal year
audience-value-number = Number
audience-value-text = Text
