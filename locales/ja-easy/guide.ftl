# ぶひんの みほん
guide-title = ぶひんの みほん
guide-stage = いま なにを していますか
guide-head-name = なまえ
guide-head-school = そつぎょうした 高校
guide-mail = メールアドレス
    .hint = そつぎょうしても つかう メールアドレスを 書いてください。
    .error = @の うしろを 書いてください。れい：hana@example.jp
guide-u4 = 大学（4年）
    .hint = 6年の 大学は つぎで えらべます
guide-u2 = 短大・専門学校（2年）
guide-work = はたらいている
guide-question = いまのことを おしえてください
