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
today-to-approve = { $n } messages wait for approval
today-paused = { $n } messages are paused: look at the reason, then resume or cancel
today-sending = { $n } messages are being sent
today-drafts = { $n } drafts are begun
today-work = { $n } things wait for a decision
today-doors = Often used
today-door-import = Import a list
    .text = Excel or CSV just as the school sent it.
today-door-slips = Print QR slips
    .text = A sheet to hand out at the graduation.
today-door-message = Write a message
    .text = See who gets it and what it costs while you write.
today-door-reach = See who is reached
    .text = The plan's targets and who can be reached today.
