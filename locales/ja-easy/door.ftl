# うけつけ
ticket-title = さんかの カード
ticket-qr = さんかの カードの QRコード
ticket-how = うけつけで これを 見せて ください。ばんごうを 言うだけでも いいです。
ticket-calendar = カレンダーに 入れる
ticket-show = これは さんかの カードです。うけつけの 人に 見せて ください。
