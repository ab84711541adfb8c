# QR slips.
slips-title = 登録のQR
slips-about = 卒業式や成人の集いで配る1枚です。スマートフォンのカメラで読み取ると、登録のページが開きます。
slips-empty = まだありません
    .text = 下で名前をつけて作ると、印刷できる1枚ができます。
slips-new = 新しく作る
slips-name = 配る集まりの名前
    .hint = この名前は、読み取った人にも「（名前）のみなさんへ」と見えます。例：令和7年度 益田高校の卒業式
slips-school = 学校
slips-any-school = 学校を決めない
slips-graduation = 卒業年度
slips-any-year = 年度を決めない
slips-since = 作った日
slips-make = 作って表示する
slips-qr = 登録ページのQRコード
# 見えない切れ目は、せまい画面で行を替えてよい所
slips-headline = これからも、ふるさとと{ "\u200B" }つながっていましょう。
slips-letter = 帰省のころの催し、応援の贈りもの、仕事の話。あなたが選んだことだけをお知らせします。いつでもやめられます。
slips-how = カメラで読み取って、質問に答えるだけ。1分ほどで終わります。
slips-print-now = この1枚を印刷する
slips-print = ブラウザの印刷で、この1枚だけが印刷されます。
