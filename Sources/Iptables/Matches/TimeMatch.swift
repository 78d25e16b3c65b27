import PacketModel

/// `time`: from a second to a second of universal time, both included, on some days (iptables-extensions(8)).
enum TimeMatch: MatchExtension {
    static let syntaxes = [
        ExtensionSyntax(
            "time",
            .match,
            options: [
                OptionSyntax("timestart", timeOfDay),
                OptionSyntax("timestop", timeOfDay),
                OptionSyntax("monthdays", TimeText.monthDays, invertible: true),
                OptionSyntax("weekdays", TimeText.weekDays, invertible: true),
                OptionSyntax("datestart", date),
                OptionSyntax("datestop", date),
                OptionSyntax("kerneltz", .flag, excludes: ["utc"]),
                OptionSyntax("localtz", .flag, excludes: ["utc"]),
                OptionSyntax("utc", .flag),
                OptionSyntax("contiguous", .flag),
            ],
            complete: { instance, _ throws(Refusal) in
                let start = instance["timestart"] ?? .number(0)
                let stop = instance["timestop"] ?? .number(endOfDay)
                guard !instance.has("contiguous") || start.number >= stop.number else {
                    throw Refusal("match.option.excluded", "--contiguous is for times that go over midnight")
                }
                if start == .number(0), stop == .number(endOfDay) {
                    instance.remove("timestart", "timestop")
                } else {
                    instance.set("timestart", start)
                    instance.set("timestop", stop)
                }
                try negate("monthdays", &instance, everyDay: TimeText.everyMonthDay)
                try negate("weekdays", &instance, everyDay: TimeText.everyWeekDay)
                // The tool prints no date that is the second 0, whichever end it is.
                instance.remove("datestart", ifEqual: .number(0))
                if !instance.has("datestop") { instance.set("datestop", .number(lastDate)) }
                instance.remove("datestop", ifEqual: .number(0))
                if instance.has("localtz") { instance.set("kerneltz", .none) }
                instance.remove("localtz", "utc")
            },
            examples: [
                "-m time --timestart 08:00 --timestop 18:00 --weekdays Mon,Tue,Wed,Thu,Fri",
                "-m time --timestart 23:00 --timestop 01:00 --contiguous",
                "-m time --datestart 2026-01-01 --datestop 2026-12-31T23:59:59",
            ]
        )
    ]

    /// INT_MAX.
    private static let lastDate = UInt64(Int32.max)
    private static let endOfDay: UInt64 = 86_399

    /// All days but those; a list of all days says nothing.
    private static func negate(
        _ name: String,
        _ instance: inout ExtensionInstance,
        everyDay: UInt64
    ) throws(Refusal) {
        guard let days = instance[name]?.number else { return }
        instance.set(name, .number(instance.isNegated(name) ? days ^ everyDay : days))
        instance.remove(name, ifEqual: .number(everyDay))
    }

    private static let timeOfDay = ValueSyntax(
        samples: [
            "08:00", "8:5", "23:59:59", "00:00", "24:00", "12:60", "12:00:60", "12", "12:", ":30", "12:30:",
            "+1:+2", "1:2:3:4", " 1:2", "-1:00", "x", "",
        ],
        read: { words, _ throws(Refusal) in .number(try TimeText.timeOfDay(words[0])) },
        write: { Array(TimeText.clock($0.number).utf8) }
    )

    private static let date = ValueSyntax(
        samples: [
            "2026-12-01T18:30:00", "2026", "2026-12", "2026-12-01", "2026-12-01T18", "2026-12-01T18:30",
            "1970-01-01", "1970-01-01T00:00:01", "1969", "2038-12-31T23:59:59", "2039", "2026-13",
            "2026-02-31",
            "2026-1-1", "2026-00-00", "2026-", "1970-00", "2026-12-01T24", "2026-12-01T1:60",
            "2026-12-01T1:2:60",
            "2026-12-01 18:30", "2026-12-01T", "2026-12-32", "2038-01-19T03:14:07", "x", "",
        ],
        read: { words, _ throws(Refusal) in .number(try TimeText.date(words[0])) },
        write: { Array(CalendarTime(seconds: $0.number).dateAndTime.utf8) }
    )

    static func alternatives(of test: Test, in context: RuleContext) -> [[MatchText]]? {
        guard case .field(.time, let times) = test.condition else { return nil }
        let allowed = test.isNegated ? times.complement() : times
        return allowed.intervals.map { interval in
            var options: [MatchText] = []
            if interval.lower > 0 { options.append(text("--datestart", interval.lower)) }
            if interval.upper < UInt128(CalendarTime.last.seconds) {
                options.append(text("--datestop", interval.upper))
            }
            return options
        }
    }

    /// As net/netfilter/xt_time.c has it, in universal time; the time zone of a kernel is not known.
    static func conditions(of instance: ExtensionInstance, _ family: IPFamily) -> [Condition]? {
        guard !instance.has("kerneltz") else { return nil }
        let dates = (instance["datestart"]?.number ?? 0, instance["datestop"]?.number ?? 0)
        var conditions = [Condition.range(.time, UInt128(dates.0), UInt128(dates.1))]
        let (start, stop) = (instance["timestart"]?.number ?? 0, instance["timestop"]?.number ?? endOfDay)
        let days = instance["weekdays"]?.number ?? TimeText.everyWeekDay
        let monthDays = instance["monthdays"]?.number ?? TimeText.everyMonthDay
        if instance.has("contiguous") {
            // After midnight the day counts on which the time began, and nothing tells how long a month was.
            guard monthDays == TimeText.everyMonthDay else { return nil }
            let next = days << 1 & TimeText.everyWeekDay | days >> 6 & 0b10
            let before = Condition.all([
                .range(.timeOfDay, UInt128(start), UInt128(endOfDay)), on(days, .weekDay),
            ])
            let after = Condition.all([.range(.timeOfDay, 0, UInt128(stop)), on(next, .weekDay)])
            return conditions + [.anyOf([before, after])]
        }
        if start < stop {
            conditions.append(.range(.timeOfDay, UInt128(start), UInt128(stop)))
        } else {
            let parts = [Interval(0, UInt128(stop)), Interval(UInt128(start), UInt128(endOfDay))]
            conditions.append(.field(.timeOfDay, in: IntervalSet(parts.compactMap(\.self))))
        }
        if days != TimeText.everyWeekDay { conditions.append(on(days, .weekDay)) }
        if monthDays != TimeText.everyMonthDay { conditions.append(on(monthDays, .monthDay)) }
        return conditions
    }

    /// On days of which the mask has a bit.
    private static func on(_ days: UInt64, _ field: Field) -> Condition {
        .field(field, in: IntervalSet((1...31).filter { days >> $0 & 1 == 1 }.map { Interval(UInt128($0)) }))
    }

    private static func text(_ option: String, _ bound: UInt128) -> MatchText {
        MatchText("time", option, CalendarTime(seconds: UInt64(clamping: bound)).dateAndTime)
    }
}
