# What an applicant is told of a step: on LINE, and in the letter. Nothing personal, and not what it is about: the page says it.

mail-step-subject = 【{ $town }】お申し込みについて、お知らせがあります
step-received =
    【{ $town }】お申し込みを受け付けました。
    内容は次のページで確かめられます。
    { $link }
step-held =
    【{ $town }】お申し込みの席が決まりました。
    内容は次のページで確かめられます。
    { $link }
step-waiting =
    【{ $town }】お申し込みは、空きを待つ一覧に入りました。
    内容は次のページで確かめられます。
    { $link }
step-offered =
    【{ $town }】お待ちの空きが出ました。期限までに、参加するかどうかをお返事ください。
    内容は次のページで確かめられます。
    { $link }
step-sent-back =
    【{ $town }】お申し込みに、直していただきたいところがあります。
    内容は次のページで確かめられます。
    { $link }
step-not-chosen =
    【{ $town }】お申し込みの結果が出ました。
    内容は次のページで確かめられます。
    { $link }
step-lapsed =
    【{ $town }】空きのご案内は、期限までにお返事がなかったため終わりました。
    内容は次のページで確かめられます。
    { $link }
step-called-off =
    【{ $town }】お申し込みは、事務局の都合で取消しになりました。
    内容は次のページで確かめられます。
    { $link }
step-address-asked =
    【{ $town }】荷物をもうすぐ送ります。届け先を教えてください。
    次のページで書けます。
    { $link }
step-sent =
    【{ $town }】荷物を送りました。
    内容は次のページで確かめられます。
    { $link }
step-came-back =
    【{ $town }】荷物が届かずに戻りました。
    内容は次のページで確かめられます。
    { $link }
step-tomorrow =
    【{ $town }】お申し込みの催しは、明日です。お気をつけてお越しください。
    内容は次のページで確かめられます。
    { $link }
step-afterwards =
    【{ $town }】ご参加ありがとうございました。どうだったか、ひとこと聞かせてください。
    次のページで書けます。
    { $link }
step-account-asked =
    【{ $town }】お支払いする金額が決まりました。振込先を教えてください。
    次のページで書けます。
    { $link }
step-money-paid =
    【{ $town }】お支払いしました。
    内容は次のページで確かめられます。
    { $link }
step-money-came-back =
    【{ $town }】お振り込みが戻りました。振込先を確かめてください。
    次のページで書けます。
    { $link }
