# LINEに 書く ことば
line-reply-received = メッセージ ありがとうございます。くわしい ことは この ページで おねがいします。
    { $link }
