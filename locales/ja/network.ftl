# What a network or a prefecture sees of its members.
shell-nav-network = 加盟団体のまとめ
network-title = 加盟団体のまとめ
network-intro = 加わっている自治体が公表した数だけを並べています。人数は足し、割合は足しません。名前や一覧は見られません。
network-members = { $n ->
   *[other] 加盟団体 { $n }
}
network-body = 団体
network-target-of = { $year }の目標
network-published-of = { $year }の公表
network-sum = 延べ
network-sum-note = 「延べ」は、加盟団体が公表した人数を足した数です（公表のない団体は入りません）。一つの団体の中では一人を一度だけ数えますが、二つの団体が知っている人はそれぞれに入ります。割合は足しません。目標の延べは人数だけを足した数で、「以上」などの条件はありません。
network-bodies = { $n }団体の合計
network-rates = 団体ごとの割合
network-denominator = 分母
network-reasons = 届かない理由（{ $year }の公表）
network-reasons-note = 1〜9人の欄と、そこから計算できる欄は「―」にしています。ほかは5人単位に丸めています。
network-hidden = ―
network-empty = 加わっている団体がまだありません
    .text = 加わった団体が数を公表すると、ここに並びます。
network-sum-chart = 年度ごとの目標と公表した人数の延べ。同じ数を表にも示しています。
network-xlsx = まとめをExcelで書き出す
network-csv = まとめをCSVで書き出す
