# 届かない理由
reason-merged = ほかの 登録と いっしょに なりました
reason-no-tie = つながりの 登録が ありません
reason-tie-ended = つながりが 終わりました
reason-no-consent = 「送って いいです」という 同意が ありません
reason-consent-withdrawn = 同意を やめました
reason-guardian-consent-needed = 親などの 同意が ひつようです
reason-no-contact-point = 連絡先が ありません
reason-line-blocked = LINEで ブロックしています
reason-line-not-followed = LINEの 友だちに なって いません
reason-email-unverified = メールアドレスの 確認が まだです
reason-email-bounced = メールが 届きません
reason-postal-returned = 手紙が もどって きました
reason-contact-unverified = 連絡先の 確認が まだです
reason-contact-not-working = 連絡先が 使えません
reason-stale = 連絡先を 長い 間 確認して いません

# 人生の段階
life-stage-before-high = 高校に 入る 前
life-stage-high-1 = 高校 1年
life-stage-high-2 = 高校 2年
life-stage-high-3 = 高校 3年
life-stage-high-4 = 高校 4年
life-stage-technical-1 = 高専 1年
life-stage-technical-2 = 高専 2年
life-stage-technical-3 = 高専 3年
life-stage-technical-4 = 高専 4年
life-stage-technical-5 = 高専 5年
life-stage-junior-college-1 = 短大 1年
life-stage-junior-college-2 = 短大 2年
life-stage-junior-college-3 = 短大 3年
life-stage-vocational-1 = 専門学校 1年
life-stage-vocational-2 = 専門学校 2年
life-stage-vocational-3 = 専門学校 3年
life-stage-vocational-4 = 専門学校 4年
life-stage-university-1 = 大学 1年
life-stage-university-2 = 大学 2年
life-stage-university-3 = 大学 3年
life-stage-university-4 = 大学 4年
life-stage-university-5 = 大学 5年
life-stage-university-6 = 大学 6年
life-stage-graduate-1 = 大学院 1年
life-stage-graduate-2 = 大学院 2年
life-stage-graduate-3 = 大学院 3年
life-stage-graduate-4 = 大学院 4年
life-stage-graduate-5 = 大学院 5年
life-stage-other-school = ほかの 学校
life-stage-after-school = 学校を 卒業した 人

# 学校の種類
school-kind-junior-high = 中学校
school-kind-high-school = 高校
school-kind-technical-college = 高専
school-kind-junior-college = 短期大学
school-kind-vocational = 専門学校
school-kind-university = 大学
school-kind-graduate-school = 大学院
school-kind-other = そのほか
occupation-working = はたらいている
occupation-other = 決(き)まっていない・そのほか

# つながりの種類と終わり
tie-origin = ここで 育った 人
tie-enrolled = ここの 学校の 人
tie-resident = ここに 住む 人
tie-related = ここに かかわる 人
tie-guardian = 親など
tie-end-left = 自分で やめました
tie-end-ended-by-office = 役所が 終わりに しました
tie-end-as-asked = 本人が おねがいしました
tie-end-mistake = まちがえて 登録しました
tie-end-deceased = なくなりました

# 連絡先
contact-kind-line = LINE
contact-kind-email = メール
contact-kind-phone = 電話
contact-kind-postal = 手紙
contact-end-blocked = ブロック
contact-end-hard-bounce = メールが 届かない
contact-end-returned = 手紙が もどった
contact-end-complaint = めいわくメールと 言われた
contact-end-removed = けした
contact-end-replaced = かえた

# 同意
consent-by-self = 自分
consent-by-guardian = 親など
consent-end-withdrawn-by-self = 自分で やめた
consent-end-withdrawn-by-guardian = 親などが やめた
consent-end-withdrawn-by-office = 役所が かわりに やめた
consent-end-left = やめた
consent-end-replaced = 新しい 同意に かえた
consent-end-undone = 取りこみを やめた
person-locale-ja = 日本語
person-locale-ja-easy = やさしい 日本語
person-locale-en = 英語

# 条件で使える項目
fact-age = 年齢
fact-birth-date = 生まれた 日
fact-cohort = 高校を 卒業する 年度
fact-cohort-age = 高校を 卒業してからの 年数（高3は 0）
fact-high-school = 高校
fact-school-kind = 今の 学校の 種類
fact-study-year = 学年
fact-life-stage = 今の 段階
fact-job-hunting = 仕事を さがす 時期
fact-residence-prefecture = 住んでいる 都道府県
fact-residence-municipality = 住んでいる 市区町村
fact-residence-abroad = 外国(がいこく)に 住んでいる
fact-tie = つながりが ある
fact-tie-of = { $kind }の つながりが ある
fact-had-tie = つながりが ある、または 終わった
fact-had-tie-of = { $kind }の つながりが ある、または 終わった
fact-interest = 興味
fact-consent = 同意が ある
fact-consent-of = 「{ $purpose }」の 同意が ある
fact-reachable = 届く
fact-reachable-of = 「{ $purpose }」で 届く
fact-reachable-by = この 連絡先で 届く
fact-reachable-by-of = 「{ $purpose }」で { $channel }に 届く
fact-reason = 届かない 理由が ある
fact-reason-of = 「{ $purpose }」で 届かない 理由が 「{ $reason }」
fact-has-contact = 連絡先が ある
fact-has-contact-of = { $channel }の 連絡先が ある
fact-locale = 使う ことば
fact-guardian-known = 親などが わかっている

# 取り込みの判定
import-verdict-new = 新しい
import-verdict-changed = かわる
import-verdict-same = かわらない
import-verdict-doubtful = たしかめる
import-verdict-wrong = まちがい
import-repeats = { $row }行目と 同じです。何も しません

# 取り込みの列
import-field-name = 名前
import-field-kana = ふりがな
import-field-birth-date = 生まれた 日
import-field-school = 高校
import-field-graduation-year = 卒業の 年度
import-field-next = 次に 行く ところ
import-field-occupation = そつぎょうの あと
import-field-next-place = 次に 行く 場所
import-field-email = メールアドレス
import-field-phone = 電話番号
import-field-postal-code = 郵便番号
import-field-address = 住所
import-field-guardian-name = 親などの 名前
import-field-guardian-email = 親などの メールアドレス
import-field-guardian-phone = 親などの 電話番号

# 取り込みの問題と直し方
import-problem-name-missing = 名前が ありません。名前を 書いて ください
import-problem-kana-not-kana = ふりがなは ひらがなか カタカナで 書いて ください
import-problem-date-unreadable = 日を 2007/6/1 のように 書いて ください
import-problem-date-unknown-era = 元号が ちがいます。なおして ください
import-problem-date-no-such-day = その 日は ありません。正しい 日に なおして ください
import-problem-birth-in-future = 生まれた 日が 今日より 後です。なおして ください
import-problem-year-unreadable = 年度を 2025 のように 書いて ください
import-problem-not-email = メールアドレスが ちがいます。なおして ください
import-problem-not-phone = 電話番号が ちがいます。なおして ください
import-problem-not-postal-code = 郵便番号は 7つの 数字です。なおして ください
import-problem-name-not-divided = 名字と 名前の 間が あいて いません
import-problem-date-outside-era = 元号が 古いです。読みかえて 登録します
import-problem-birth-too-young = 年齢が 小さすぎます。平成か 令和か たしかめて ください
import-problem-birth-too-long-ago = 生まれた 日が 古すぎます。なおして ください
import-problem-birth-unlikely = 年齢が あいません。たしかめて ください
import-problem-graduation-unlikely = 卒業の 年が あいません。たしかめて ください
import-problem-graduation-beside-class = 卒業の 年が 1年 ちがいます。たしかめて ください
import-problem-school-unknown = 知らない 高校です
import-problem-next-guessed = 名前から 考えました。たしかめて ください
import-problem-next-unknown = 次に 行く ところの 種類が わかりません
import-problem-guardian-left-out = 親などの ことは 登録しません
import-problem-guardian-of-adult = 大人です。親などの ことは 登録しません
import-problem-guardian-nameless = 親などの 名前が ありません。登録しません
import-problem-guardian-differs = 親などが ちがう 人です。前の ままに します
import-problem-guardian-address = 親などの 連絡先は かえません
import-problem-place-unknown = 場所が わかりません。都道府県から 書いて ください
import-problem-graduation-missing = 卒業の 年が わかりません。学校の ことは 登録しません
import-problem-tie-ended = やめた 人です。この 行は 登録しません
import-problem-name-not-a-name = 名前に 数字や かっこが あります
import-problem-total-row = 合計の 行です。人では ありません
import-problem-end-of-list = 名簿の おわりの 行です。人では ありません
import-problem-remark-row = 書き足した 行です。人では ありません
import-problem-not-a-person = 名前に 数字や かっこが あり、生まれた 日も ありません。人では ないと 考えました

# まとめる
merge-same-person = 同じ 登録です
merge-already-merged = もう いっしょに なって います
merge-guardian = 親と 子です。いっしょに できません
merge-birth-dates-differ = 生まれた 日が ちがいます。たしかめて ください
merge-consent-withdrawn = ひとつでは、あとから「もう いりません」と 言っています。ひとつに すると、そちらを まもります
merge-names-differ = 名前が ちがいます。たしかめて ください
outcome-kind-local-employment = まちで 働く
outcome-kind-iju-turn-employment = もどって 働く
outcome-kind-move-in = ひっこして きた
outcome-kind-job-change = 仕事を かえて 働く
outcome-kind-telework-return = もどって テレワーク
outcome-kind-business = 会社を はじめた
outcome-kind-other = そのほか
fact-outcome = けっかが ある
fact-outcome-of = けっか「{ $kind }」が ある
