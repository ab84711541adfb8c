# Why an act did not happen, in a sentence that says what to do. Key: refused-<code>.
refused-wrong-sign-in = The sign-in name, the password or the code is wrong. Please try again.
refused-sign-in-paused = Paused after repeated mistakes. Please wait about { $minutes } minutes and try again.
refused-link-spent = This link no longer works: it was used or has expired. Please ask for a new one.
refused-not-permitted = Your role does not allow this. Ask your administrator if you need it.
refused-role-ended = The term of your role has ended. Ask your administrator to extend it.
