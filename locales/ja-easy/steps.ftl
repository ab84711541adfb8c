# What an applicant is told of a step: on LINE, and in the letter. Nothing personal, and not what it is about: the page says it.

mail-step-subject = 【{ $town }】申し込みの お知らせです
step-received =
    【{ $town }】申し込みを うけとりました。
    くわしいことは この ページで 見られます。
    { $link }
step-held =
    【{ $town }】あなたの 席が きまりました。
    くわしいことは この ページで 見られます。
    { $link }
step-waiting =
    【{ $town }】いまは いっぱいです。空くのを 待つ リストに 入りました。
    くわしいことは この ページで 見られます。
    { $link }
step-offered =
    【{ $town }】席が 空きました。いつまでに 返事を するか、ページを 見て ください。
    くわしいことは この ページで 見られます。
    { $link }
step-sent-back =
    【{ $town }】申し込みに、なおして ほしい ところが あります。
    くわしいことは この ページで 見られます。
    { $link }
step-not-chosen =
    【{ $town }】申し込みの 結果が 出ました。
    くわしいことは この ページで 見られます。
    { $link }
step-lapsed =
    【{ $town }】返事が なかったので、空いた 席は ほかの 人に 行きました。
    くわしいことは この ページで 見られます。
    { $link }
step-called-off =
    【{ $town }】申し込みは なくなりました。理由は ページを 見て ください。
    くわしいことは この ページで 見られます。
    { $link }
step-address-asked =
    【{ $town }】もうすぐ にもつを おくります。どこに おくるか 教えて ください。
    この ページで 書けます。
    { $link }
step-sent =
    【{ $town }】にもつを おくりました。
    くわしいことは この ページで 見られます。
    { $link }
step-came-back =
    【{ $town }】にもつが もどって きました。
    くわしいことは この ページで 見られます。
    { $link }
step-tomorrow =
    【{ $town }】もうしこんだ ことは、あしたです。気を つけて 来て ください。
    くわしいことは この ページで 見られます。
    { $link }
step-afterwards =
    【{ $town }】来て くれて ありがとう ございました。どうだったか、ひとこと 書いて ください。
    この ページで 書けます。
    { $link }
step-account-asked =
    【{ $town }】お金が きまりました。どこに おくるか 教えて ください。
    この ページで 書けます。
    { $link }
step-money-paid =
    【{ $town }】お金を おくりました。
    くわしいことは この ページで 見られます。
    { $link }
step-money-came-back =
    【{ $town }】お金が もどって きました。おくる ところを たしかめて ください。
    この ページで 書けます。
    { $link }
