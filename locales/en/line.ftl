# What is written in the LINE talk; nothing personal.
line-reply-received = Thank you for your message. For details and changes please use this page.
    { $link }
