# LINEのトークに書く言葉。個人の情報は書かない。
line-reply-received = メッセージをありがとうございます。くわしい話や変更は、次のページでお願いします。
    { $link }
line-reply-contact = 職員に聞きたいことは、{ $contact } へどうぞ。
line-greeting = { $organisation }とのつながりのページへ、ようこそ。
    まだ登録していない方は、次のページで登録すると、ふるさとの便りを受け取れます。1分ほどで終わります。
    { $join }
line-welcome-back = おかえりなさい。{ $organisation }です。
    登録の内容は、あなたのページで確かめられます。
    { $link }
refused-greeting-without-link = 登録ページの場所（{ $field }）を入れてください。これがないと、友だちになった人が登録できません。
refused-greeting-unknown-field = あいさつで使える差し込みは、登録ページと団体名だけです。ほかの差し込みを消してください。
refused-nothing-to-undo = 元に戻せるものがありません。
refused-menu-was-shown = 一度表示したメニューは消せません。ほかのメニューを表示するか、表示をやめてください。
refused-menu-words-empty = タイルの文字を書いてください。画面を読み上げる人にも必要です。
refused-menu-link-unfit = 開く先を https:// から書いてください。
refused-menu-colour-unfit = 色は #1f3a7a のように、#と6けたの英数字で書いてください。
refused-menu-all-empty = 文字のあるタイルを、少なくとも1つ作ってください。
refused-menu-tiles-missing = 並べ方の数だけタイルを作ってください。
refused-menu-words-undrawable = 「{ $found }」は描けない文字です。ほかの文字にしてください。
refused-menu-words-too-long = タイルに入りきりません。文字を短くするか、改行を入れてください。
refused-menu-picture-unknown = 画像はJPEGかPNGで選んでください。
refused-menu-picture-small = 画像が小さすぎます。横{ $width }・縦{ $height }ピクセルくらいのものを選んでください。
refused-liff-id-unfit = LIFF IDは「1234567890-AbcdEfgh」の形です。LINE Developersの画面から写してください。
