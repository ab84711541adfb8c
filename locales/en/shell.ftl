# Words on every page
shell-product = Tsunagari
shell-skip = Skip to content
shell-menu = Menu
shell-main-nav = Main menu
shell-languages = Language
shell-language-name = English
shell-sign-out = Sign out
shell-required = required
shell-cancel = Go back
shell-crumbs = You are here
shell-errors-title = { $n ->
    [one] Please check one answer
   *[other] Please check { $n } answers
}
shell-max-characters = up to { $n } characters
shell-drop-here = Choose a file or drop it here
shell-pager = Pages
shell-pager-first = First
shell-pager-previous = Previous
shell-pager-next = Next
shell-pager-last = Last
shell-pager-here = Page { $page } of { $pages }
shell-step-of = Step { $n } of { $all }
shell-saved = Saved
shell-signed-out = You were signed out after a while
    .text = What you typed is still on this page. Sign in again in another tab, then press the button once more.
    .again = Sign in in another tab
shell-signed-in = You are signed in
    .text = Close this tab, go back to the page you were writing on and press its button once more. What you typed is still there.
    .home = If there is none, go to Today
