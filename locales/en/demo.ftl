# What the demonstration says on the terminal.
demo-answers = Tsunagari's demonstration answers (on this machine only):
demo-portal = portal{"  "}
demo-office = office{"  "}
demo-line = LINE{"    "}
demo-mail = mail{"    "}
demo-loading = Invented people are being loaded…
demo-people = { $n } people are there.
demo-begin = Begin here (the five minutes of the README):
demo-phone = The phone of { $name } ({ $kana })
demo-qr = the address of the QR code handed out at school
demo-editor = { $town }, editor
demo-approver = { $town }, approver (in a private window)
demo-once = Each link signs in once. Stop with Ctrl-C.
demo-strangers = Not joined yet; open the phone, type the QR address, and answer as they would:
demo-guardian = under age: a guardian agrees; give { $mail } and look into the mailbox
demo-rest = Other towns, roles, passwords and young people: { $file }
