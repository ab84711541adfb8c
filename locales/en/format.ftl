# Dates, fiscal years, numbers, spans
era-r = Reiwa
era-h = Heisei
era-s = Showa
era-t = Taisho
era-m = Meiji
format-era-year = { $era } { $year }
format-western-year = { $year }
format-first-year = 1
format-date = { $day } { $month_name } { $year }
format-day = { $day } { $month_name } { $year }
format-date-short = { $year }-{ $month2 }-{ $day2 }
format-date-time = { $date }, { $time }
format-western-fiscal-year = FY{ $year }
format-fiscal-year = FY{ $western } ({ $era } { $year })
format-yen = ¥{ $amount }
format-blank = —
weekday-0 = Mon
weekday-1 = Tue
weekday-2 = Wed
weekday-3 = Thu
weekday-4 = Fri
weekday-5 = Sat
weekday-6 = Sun
month-1 = January
month-2 = February
month-3 = March
month-4 = April
month-5 = May
month-6 = June
month-7 = July
month-8 = August
month-9 = September
month-10 = October
month-11 = November
month-12 = December
relative-now = just now
relative-minutes-past = { $n ->
    [one] 1 minute ago
   *[other] { $n } minutes ago
}
relative-hours-past = { $n ->
    [one] 1 hour ago
   *[other] { $n } hours ago
}
relative-days-past = { $n ->
    [one] yesterday
   *[other] { $n } days ago
}
relative-minutes-future = { $n ->
    [one] in 1 minute
   *[other] in { $n } minutes
}
relative-hours-future = { $n ->
    [one] in 1 hour
   *[other] in { $n } hours
}
relative-days-future = { $n ->
    [one] tomorrow
   *[other] in { $n } days
}
