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
    .action = 名簿を取り込む
