# LINEに 書く ことば
line-reply-received = メッセージ ありがとうございます。くわしい ことは この ページで おねがいします。
    { $link }
line-reply-contact = しつもんは { $contact } に きいてください。
line-greeting = { $organisation }の ページへ ようこそ。
    まだ とうろくしていない ひとは、この ページで とうろくしてください。おしらせが とどきます。1分くらいで おわります。
    { $join }
line-welcome-back = おかえりなさい。{ $organisation }です。
    あなたの ページは ここです。
    { $link }
refused-greeting-without-link = とうろくの ページの ばしょ（{ $field }）を いれてください。
refused-greeting-unknown-field = つかえない さしこみが あります。けしてください。
refused-nothing-to-undo = もどす ものが ありません。
refused-menu-was-shown = つかった メニューは けせません。
refused-menu-words-empty = タイルの もじを かいてください。
refused-menu-link-unfit = https:// から かいてください。
refused-menu-colour-unfit = いろは #1f3a7a の ように かいてください。
refused-menu-all-empty = もじの ある タイルを 1つは つくってください。
refused-menu-tiles-missing = タイルが たりません。
refused-menu-words-undrawable = 「{ $found }」は つかえません。
refused-menu-words-too-long = もじが ながすぎます。みじかく してください。
refused-menu-picture-unknown = がぞうは JPEG か PNG です。
refused-menu-picture-small = がぞうが ちいさすぎます。
refused-liff-id-unfit = LIFF IDの かたちが ちがいます。
