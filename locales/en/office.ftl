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
    .action = Import a list
