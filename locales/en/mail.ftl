# Mails to young people and their guardians
mail-verify-subject = { $town }: go on from here
mail-verify-body = This is { $town }.
    Open this link within 30 minutes to go on. It works once.

    { $link }

    If this means nothing to you, throw the mail away. Nothing is stored.
mail-sign-in-subject = { $town }: the link to your page
mail-sign-in-body = This is { $town }.
    Open this link within 30 minutes to see your page. It works once.

    { $link }

    If this means nothing to you, throw the mail away.
mail-guardian-subject = { $town }: your child asks for your consent
mail-guardian-body = This is { $town }.
    Your child has joined our news and gave us this address to ask for your consent.
    Please read the page and agree if you like. The link works for 14 days.

    { $link }

    If this means nothing to you, throw the mail away. We use the address for nothing else.
# An address the office entered from paper or a list. It does not say whose: a slip of the pen may send it to a stranger
mail-confirm-subject = { $town }: please confirm your e-mail address
mail-confirm-body = This is { $town }.
    We entered this e-mail address from a form or a school’s list and would like to know whether it is right.
    If it is yours, open this page within 7 days and answer its question. After that, news can reach you, and your page is where you choose which. The link works once.

    { $link }

    If this means nothing to you, throw the mail away. Without an answer no news is sent here.
# What stands under every campaign's mail: who sent it, whom to ask, how to stop it
mail-foot = Sent by { $town }
    Questions: { $contact }
    Stop this news (you stay registered):
    { $link }
mail-foot-no-link = (each reader’s own link stands here)
# The subject of a message that is tried out
mail-test-subject = [Test] { $subject }
