# What the demonstration says on the terminal.
demo-answers = つながりのデモが動いています（すべてこのパソコンの中だけです）
demo-portal = 若者・保護者{"  "}
demo-office = 担当者{"        "}
demo-line = LINE{"          "}
demo-mail = メール{"        "}
demo-loading = 架空の人を読み込んでいます…
demo-people = { $n }人を読み込みました。
demo-begin = ここから（READMEの「5分でためす」の順）
demo-phone = { $name }（{ $kana }）のスマートフォン
demo-qr = 学校で配られたQRのアドレス
demo-editor = { $town }の編集（editor）
demo-approver = { $town }の承認（approver、シークレットウィンドウで）
demo-once = リンクはどれも1回だけ使えます。止めるには Ctrl-C を押します。
demo-strangers = まだ登録していない若者（スマートフォンを開き、QRのアドレスを読み取って、本人として答えます）
demo-guardian = 未成年：保護者の同意が要ります。保護者のメールに { $mail } と答え、メールボックスを見てください
demo-rest = ほかの町・役割・パスワード・若者：{ $file }
