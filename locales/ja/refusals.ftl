# Why an act did not happen, in a sentence that says what to do. Key: refused-<code>.
refused-wrong-sign-in = サインイン名・パスワード・確認コードのどれかが違います。もう一度入れてください。
refused-sign-in-paused = 間違いが続いたため止めています。{ $minutes }分ほど待ってから、もう一度ためしてください。
refused-link-spent = このリンクはもう使えません（使用済みか、期限切れです）。新しいリンクをもらってください。
refused-not-permitted = この操作はあなたの役割ではできません。必要なら管理者に頼んでください。
refused-role-ended = あなたの役割の期間が終わりました。続けるには管理者に延長を頼んでください。
