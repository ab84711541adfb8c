# Words of the office's first pages.
sign-in-title = 職員のサインイン
sign-in-login = サインイン名
sign-in-password = パスワード
sign-in-code = 確認コード
    .hint = 認証アプリに出ている6けたの数字。手元にないときは予備コードを入れてください。
sign-in-button = サインイン
sign-in-help = サインイン名やパスワードが分からないときは、所属の管理者に聞いてください。

today-greeting = { $name }さん、こんにちは。
today-empty = 今日しなければならないことはありません
    .text = 学校の名簿を取り込むと、ここに確認のお願いが並びます。
today-to-approve = 承認を待っている配信が{ $n }件あります
today-paused = 止まっている配信が{ $n }件あります。理由を見て、再開か中止を選んでください
today-sending = 送っている配信が{ $n }件あります
today-drafts = 書きかけの配信が{ $n }件あります
today-work = 判断を待っていることが{ $n }件あります
today-doors = よく使うこと
today-door-import = 名簿を取り込む
    .text = 学校からもらったExcelやCSVを、そのまま読み込みます。
today-door-slips = 登録のQRを印刷する
    .text = 卒業式で配る1枚を作ります。
today-door-message = 配信を書く
    .text = だれに届くか、いくらかかるかを見ながら書きます。
today-door-reach = 届く人を見る
    .text = 計画の目標と、今日届けられる人数です。
