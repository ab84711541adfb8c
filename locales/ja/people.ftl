# 届かない理由
reason-merged = ほかの登録にまとめられています
reason-no-tie = つながりが登録されていません
reason-tie-ended = つながりが終わっています
reason-no-consent = 同意がありません
reason-consent-withdrawn = 同意が取り消されています
reason-guardian-consent-needed = 保護者の同意が必要です
reason-no-contact-point = 連絡先がありません
reason-line-blocked = LINEでブロックされています
reason-line-not-followed = LINEの友だち追加がまだです
reason-email-unverified = メールアドレスの確認がまだです
reason-email-bounced = メールが届きません
reason-postal-returned = 郵便が返送されました
reason-contact-unverified = 連絡先の確認がまだです
reason-contact-not-working = 連絡先が使えません
reason-stale = 連絡先が長いあいだ確認されていません

# 人生の段階
life-stage-before-high = 高校入学前
life-stage-high-1 = 高1
life-stage-high-2 = 高2
life-stage-high-3 = 高3
life-stage-high-4 = 高4
life-stage-technical-1 = 高専1
life-stage-technical-2 = 高専2
life-stage-technical-3 = 高専3
life-stage-technical-4 = 高専4
life-stage-technical-5 = 高専5
life-stage-junior-college-1 = 短大1
life-stage-junior-college-2 = 短大2
life-stage-junior-college-3 = 短大3
life-stage-vocational-1 = 専門1
life-stage-vocational-2 = 専門2
life-stage-vocational-3 = 専門3
life-stage-vocational-4 = 専門4
life-stage-university-1 = 大1
life-stage-university-2 = 大2
life-stage-university-3 = 大3
life-stage-university-4 = 大4
life-stage-university-5 = 大5
life-stage-university-6 = 大6
life-stage-graduate-1 = 院1
life-stage-graduate-2 = 院2
life-stage-graduate-3 = 院3
life-stage-graduate-4 = 院4
life-stage-graduate-5 = 院5
life-stage-other-school = その他の学校
life-stage-after-school = 社会人（卒業後）

# 学校の種類
school-kind-junior-high = 中学校
school-kind-high-school = 高校
school-kind-technical-college = 高専
school-kind-junior-college = 短期大学
school-kind-vocational = 専門学校
school-kind-university = 大学
school-kind-graduate-school = 大学院
school-kind-other = その他
occupation-working = 働いている（就職など）
occupation-other = 決まっていない・その他

# つながりの種類と終わり
tie-origin = 出身
tie-enrolled = 在学
tie-resident = 在住
tie-related = 関係人口
tie-guardian = 保護者
tie-end-left = 本人が退会
tie-end-ended-by-office = 担当者が終了
tie-end-as-asked = 本人の希望
tie-end-mistake = 登録の誤り
tie-end-deceased = 死亡

# 連絡先
contact-kind-line = LINE
contact-kind-email = メール
contact-kind-phone = 電話
contact-kind-postal = 郵便
contact-end-blocked = ブロック
contact-end-hard-bounce = 宛先不明
contact-end-returned = 返送
contact-end-complaint = 迷惑メールの申告
contact-end-removed = 削除
contact-end-replaced = 変更

# 同意
consent-by-self = 本人
consent-by-guardian = 保護者
consent-end-withdrawn-by-self = 本人が取り消し
consent-end-withdrawn-by-guardian = 保護者が取り消し
consent-end-withdrawn-by-office = 申し出により担当者が取り消し
consent-end-left = 退会
consent-end-replaced = 新しい同意に変更
consent-end-undone = 取り込みの取り消し
person-locale-ja = 日本語
person-locale-ja-easy = やさしい日本語
person-locale-en = 英語

# 条件で使える項目
fact-age = 年齢
fact-birth-date = 生年月日
fact-cohort = 高校の卒業年度
fact-cohort-age = 高校卒業からの年数（高3は0）
fact-high-school = 出身高校
fact-school-kind = 在学中の学校の種類
fact-study-year = 学年
fact-life-stage = 段階
fact-job-hunting = 就活期である
fact-residence-prefecture = 居住する都道府県
fact-residence-municipality = 居住する市区町村
fact-residence-abroad = 海外に住んでいる
fact-tie = つながりがある
fact-tie-of = { $kind }のつながりがある
fact-had-tie = つながりがある、または終わった
fact-had-tie-of = { $kind }のつながりがある、または終わった
fact-interest = 興味
fact-consent = 同意が有効
fact-consent-of = 「{ $purpose }」の同意が有効
fact-reachable = 届く
fact-reachable-of = 「{ $purpose }」で届く
fact-reachable-by = この連絡先で届く
fact-reachable-by-of = 「{ $purpose }」で{ $channel }に届く
fact-reason = 届かない理由がある
fact-reason-of = 「{ $purpose }」で届かない理由に「{ $reason }」がある
fact-has-contact = 連絡先がある
fact-has-contact-of = { $channel }の連絡先がある
fact-locale = 使う言語
fact-guardian-known = 保護者が分かっている

# 取り込みの列
import-field-name = 氏名
import-field-kana = ふりがな
import-field-next = 進路

# まとめる
merge-same-person = 同じ登録です。別の登録を選んでください
merge-already-merged = すでにまとめられた登録です
merge-guardian = 一方がもう一方の保護者です。まとめられません
merge-birth-dates-differ = 生年月日が違います。同じ人か確かめてください
merge-consent-withdrawn = 一方では、あとから同意が取り消されています。統合すると、取り消しのほうが生きます
merge-names-differ = 氏名が違います。同じ人か確かめてください
outcome-kind-local-employment = 市内就職
outcome-kind-iju-turn-employment = IJUターン就職
outcome-kind-move-in = 移住
outcome-kind-job-change = 転職
outcome-kind-telework-return = テレワークによるリターン
outcome-kind-business = 起業
outcome-kind-other = そのほか
fact-outcome = 成果がある
fact-outcome-of = 成果「{ $kind }」がある
