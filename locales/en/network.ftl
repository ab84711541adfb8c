# What a network or a prefecture sees of its members.
shell-nav-network = Members together
network-title = Members together
network-intro = Only figures the members have published. People are added, rates are not. No names and no lists are shown.
network-members = { $n ->
    [one] { $n } member
   *[other] { $n } members
}
network-body = Body
network-target-of = Target { $year }
network-published-of = Published { $year }
network-sum = Total with repeats
network-sum-note = The total with repeats adds the people that members have published (a member without a published figure is not in it). A member counts each of its people once; somebody whom two members know is in it for each. Rates are never added. The total of targets adds their numbers alone, without “or more” and the like.
network-bodies = { $n } bodies added
network-rates = Rates of each body
network-denominator = Denominator
network-reasons = Why people are not reached (published for { $year })
network-reasons-note = Cells of 1 to 9 people, and cells from which they could be computed, are hidden (—). The rest is rounded to 5.
network-hidden = —
network-empty = No members yet
    .text = Figures stand here once members have published them.
network-sum-chart = Targets and published people of all bodies for each fiscal year. The table holds the same numbers.
network-xlsx = Together as Excel
network-csv = Together as CSV
