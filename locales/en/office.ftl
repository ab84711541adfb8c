# Words of the office's first pages.
sign-in-title = Staff sign-in
sign-in-login = Sign-in name
sign-in-password = Password
sign-in-code = Code
    .hint = The six digits your authenticator shows. Without it, type one of your recovery codes.
sign-in-button = Sign in
sign-in-help = If you do not know your sign-in name or password, ask the administrator of your office.

today-greeting = Hello { $name }.
today-empty = Nothing waits for you today
    .text = Once you import a school's list, what needs a look stands here.
    .other = What waits for you will stand here.
today-tasks = Waiting for you
today-short = This month’s LINE messages will not be enough
    .text = { $used } used, { $planned } approved, { $allowed } allowed
today-stopped = Stopped: “{ $title }”
today-sent-back = Sent back to you: “{ $title }”
today-called-off = Called off by somebody else: “{ $title }”
today-to-approve = Please approve “{ $title }”
today-under-way = Scheduled or on its way: “{ $title }”
today-list = Continue taking in “{ $title }”
today-drafts = { $n ->
    [one] One draft is unfinished
   *[other] { $n } drafts are unfinished
}
today-to-set-up = { $n ->
    [one] One step of setting up is left
   *[other] { $n } steps of setting up are left
}
today-lists = All work lists
today-work = Waiting for a decision
today-work-count = { $n ->
    [one] 1 item
   *[other] { $n } items
}
today-year = Reach in { $year }
today-counted = counted on { $time }
today-not-counted = Its rule cannot be read, so nothing was counted
today-alike = Pairs that may be one person: { $n }
    .text = Decide for each whether it is one person or two
today-alike-many = More than { $n } pairs may be one person
    .text = Decide for each whether it is one person or two
today-sent = Sent lately
today-doors = Often used
today-door-import = Import a list
    .text = Excel or CSV just as the school sent it.
today-door-slips = Print QR slips
    .text = A sheet to hand out at the graduation.
today-door-message = Write a message
    .text = See who gets it and what it costs while you write.
today-door-reach = See who is reached
    .text = The plan's targets and who can be reached today.
shell-nav-today = Today
shell-nav-people = People
shell-nav-import = Import
shell-nav-audiences = Audiences
shell-nav-messages = Messages
shell-nav-reach = Reach
shell-nav-settings = Settings
shell-nav-audit = Audit
shell-sample-role = Editor
