# What is written in the LINE talk; nothing personal.
line-reply-received = Thank you for your message. For details and changes please use this page.
    { $link }
line-reply-contact = Questions for our staff: { $contact }
line-greeting = Welcome from { $organisation }.
    If you have not registered yet, please do so on this page to hear from us. It takes about a minute.
    { $join }
line-welcome-back = Welcome back, this is { $organisation }.
    Your page:
    { $link }
refused-greeting-without-link = Put in { $field }, the place of the page where people register.
refused-greeting-unknown-field = Only the page to register and the name can be filled in here. Remove the other fields.
refused-nothing-to-undo = There is nothing to undo.
refused-menu-was-shown = A menu that was shown cannot be removed. Show another one or take it down.
refused-menu-words-empty = Write the words of the tile; people who have the screen read aloud need them too.
refused-menu-link-unfit = Write the address from https:// on.
refused-menu-colour-unfit = Write the colour as # and six digits, such as #1f3a7a.
refused-menu-all-empty = Write the words of at least one tile.
refused-menu-tiles-missing = Make as many tiles as the arrangement has.
refused-menu-words-undrawable = “{ $found }” cannot be drawn. Use other characters.
refused-menu-words-too-long = The words do not fit into the tile. Shorten them or break the line.
refused-menu-picture-unknown = Choose a JPEG or PNG picture.
refused-menu-picture-small = The picture is too small. Choose one of about { $width } by { $height } pixels.
refused-liff-id-unfit = A LIFF id looks like 1234567890-AbcdEfgh. Copy it from LINE Developers.
