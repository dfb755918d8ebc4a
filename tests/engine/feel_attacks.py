"""Attacks on a definition: what a hostile author writes to hold a worker, and what each of it has to cost at least.

`tests/engine/test_feel_attacks.py` holds the steps, `bench/attacks.py` the time.
"""

from __future__ import annotations

HUGE = 'string join(for i in 1..900 return "0123456789")'  # 9,000 characters
LAUGH = (
    "{a0: [1, 1], " + ", ".join(f"a{i}: [a{i - 1}, a{i - 1}]" for i in range(1, 40)) + "}.a39"
)  # 2^40 leaves
DEEP = "for i in 1..3000 return [partial[-1]]"
MANY = "for i in 1..1000 return i"

TEXT = 's: string join(for i in 1..900 return "0123456789"), '
MANY_NUMBERS = "a: (for i in 1..1000 return i), "
MANY_TEXTS = "a: (for i in 1..1000 return string(i)), "
MANY_CONTEXTS = "a: (for i in 1..200 return {a: i, b: string(i), c: [i, i]}), "
ENTRIES = ", ".join(f"a{i}: 1" for i in range(300))
WIDE = f"c: {{{ENTRIES}}}, "
MANY_WIDE = f"c: (for i in 1..100 return {{{ENTRIES}}}), "

STOPPED = (
    "for i in 1..1000000000 return i",
    "for i in 1..1e3000 return i",
    "some x in 1..100000, y in 1..100000 satisfies x + y < 0",
    'for d in @"0001-01-01"..@"9999-12-31" return d',
    "for i in [1..1000000000] return i",
    f"sort(({MANY})[item > 0], function(a, b) sum(for i in 1..100 return i) < b)",
    "{f: function(n) f(n + 1), r: f(1)}.r",
    "{f: function(n) [f(n), f(n)], r: f(1)}.r",
    "(function(f) f(f))(function(f) f(f))",
    "{f: function(n) if n < 2 then n else f(n - 1) + f(n - 2), r: f(60)}.r",
    'for i in 1..1000000 return string join(for j in 1..1000 return "0123456789")',
    '{s0: "0123456789", ' + ", ".join(f"s{i}: s{i - 1} + s{i - 1}" for i in range(1, 40)) + "}",
    "{s0: [1, 2], " + ", ".join(f"s{i}: concatenate(s{i - 1}, s{i - 1})" for i in range(1, 40)) + "}",
    f"{{s: {HUGE}, l: for i in 1..100000 return s, t: string(l)}}",
    f'{{s: {HUGE}, t: replace(s, "0", s)}}',
    f"string({LAUGH})",
    f"{{a: {LAUGH}, b: {LAUGH}, c: a = b}}",
    f"flatten({LAUGH})",
    f"({LAUGH}).x",
    f"distinct values([{LAUGH}, {LAUGH}])",
    "for i in 1..1000000 return partial",
    f"string({DEEP})",
    f"{{a: {MANY}, b: for i in 1..100000 return a = a}}",
    f"{{a: {MANY}, b: for i in 1..100000 return 7777 in a}}",
    f"{{a: {MANY}, b: for i in 1..100000 return sum(a)}}",
    "{l: for i in 1..1000 return {a: i, b: i, c: 1}, r: for i in 1..5000 return context merge(l)}.r",
    "for i in 1..100000 return 2 ** i",
    "for i in 1..100000 return modulo(1e6144, 3e-6000)",
    'for i in 1..100000 return matches("a", "a{1,900}" + string(i))',
)
"""Expressions that must be stopped."""

DEAR: dict[str, tuple[str, str, int]] = {
    "rx alt": ('s: string join(for i in 1..900 return "aaaaa"), ', 'matches(s, "(a|aa)+$")', 466),
    "rx nested": (TEXT, 'matches(s, "(0|1|2|3|4|5|6|7|8|9)*7(0|1|2|3|4|5|6|7|8|9){300}x")', 81_839),
    "rx replace many": (TEXT, 'replace(s, "[0-9]", "ab")', 38_282),
    "rx split": (TEXT, 'split(s, "5")', 4_258),
    "rx split rescan": (TEXT, 'split(s, "0.*?x|1")', 10_780),
    "rx split rescan big": (TEXT, 'split(s, "0(.*)(.*)(.*)(.*)(.*)(.*)(.*)(.*)(.*)x|1")', 1_388_816),
    "rx computed": ("", 'matches("aaaa", "[\\w ]{1,20}" + string(k))', 7_158),
    "rx flags": (TEXT, 'matches(s, "ABC", "i")', 659),
    "rx bad": ("", 'matches("aaaa", "(((((" + string(k))', 149),
    "rx toolarge": ("", 'matches("aaaa", "(\\w{1,900})" + string(k))', 14_154),
    "zone unknown": ("", 'time("10:00:00@Foo/" + string(k))', 9),
    "zone known": (
        "",
        'time("10:00:00@America/Bogota") < time("10:00:00@Europe/Paris")',
        7,
    ),
    "offset": ("", 'time("10:00:00+05:" + string(k))', 7),
    "bad date": ("", 'date("2026-13-01")', 5),
    "date huge dur": ("", '@"2026-01-01" + @"P999999999D"', 3),
    "date huge dur2": ("", '@"2026-01-01T10:00:00@Europe/Paris" + @"P99999999D"', 23),
    "dur read": ("", 'duration("P999999999DT999999999H999999999M999999999.999999999S")', 7),
    "dur mult": ("", '@"P1D" * 123456.789', 3),
    "dur show": ("", 'string(@"P999999999DT1H2M3.000000001S")', 3),
    "wide date": ("", 'date("-999999999-12-31") + @"P1D"', 8),
    "weekofyear": ("", 'week of year(@"999999999-12-31")', 4),
    "power": ("", "1.234567890123456789012345678901234 ** 1.234567890123456789012345678901234", 70),
    "power frac": ("", "0.999999999999999999999999999999999 ** 0.333333333333333333333333333333333", 70),
    "exp": ("", "exp(1.234567890123456789012345678901234e3)", 36),
    "log": ("", "log(1.234567890123456789012345678901234e-6000)", 36),
    "sqrt": ("", "sqrt(1.234567890123456789012345678901234e5555)", 36),
    "modulo": ("", "modulo(9e6144, 7e-6000)", 36),
    "odd": ("", "odd(9e6144)", 10),
    "floor": ("", "floor(9e6144, -6000)", 2),
    "decimal2": ("", "decimal(1e-6000, 6176)", 2),
    "round up": ("", "round up(1.234567890123456789012345678901234e6100, 6000)", 2),
    "string e": ("", "string(9e6144)", 18),
    "string e-": ("", "string(1e-6143)", 18),
    "string join e": ("", "string([9e6144, 1e-6143, 9e6144, 1e-6143])", 72),
    "int e": ("", 'substring("abc", 9e6144)', 2),
    "sublist e": (MANY_NUMBERS, "sublist(a, 1, 9e6000)", 88),
    "insert e": (MANY_NUMBERS, "insert before(a, 9e6000, 1)", 88),
    "filter e": (MANY_NUMBERS, "a[9e6000]", 2),
    "range for e": ("", "for i in 9e6000..9e6000 return i", 2),
    "number read": (TEXT, "number(s)", 99),
    "number read2": ('s: string join(for i in 1..900 return "012345678,"), ', 'number(s, ",", ".")', 89),
    "number read e": ("", 'number("1e-6143") + number("9e6144")', 4),
    "hash big decimal2": ("x: 9e6144, ", "x in (1, 2, 3, 9, 8)", 5),
    "mode e": ("a: (for i in 1..100 return 9e6144 - i * 1e6100), ", "mode(a)", 89),
    "mode": (MANY_NUMBERS, "mode(a)", 877),
    "median": (MANY_NUMBERS, "median(a)", 1_927),
    "stddev34": ("a: (for i in 1..1000 return 1.234567890123456789012345678901234 * i), ", "stddev(a)", 877),
    "sum": (MANY_NUMBERS, "sum(a)", 264),
    "product": (MANY_NUMBERS, "product(a)", 177),
    "sum dur": ('a: (for i in 1..1000 return @"P1DT3H"), ', "sum(a)", 10_586),
    "max dates": ('a: (for i in 1..1000 return @"2026-01-01T10:00:00@Europe/Paris"), ', "max(a)", 4_901),
    "sort dates": ('a: (for i in 1..1000 return @"2026-01-01T10:00:00@Europe/Paris"), ', "sort(a)", 5_076),
    "sort": (MANY_NUMBERS, "sort(reverse(a))", 965),
    "sort str": (MANY_TEXTS, "sort(a)", 876),
    "sort rand": ("a: (for i in 1..1000 return modulo(i * 7919, 1009)), ", "sort(a)", 876),
    "sort long str": (
        TEXT + "a: (for i in 1..1000 return s + string(modulo(i * 7919, 1009))), ",
        "sort(a)",
        876,
    ),
    "sort fn": (
        "a: (for i in 1..1000 return modulo(i * 7919, 1009)), ",
        "sort(a, function(x, y) x < y)",
        62_250,
    ),
    "max long str": (TEXT + "a: (for i in 1..200 return s + string(i)), ", "max(a)", 141),
    "list contains strs": (
        TEXT + 'x: s + "z", a: (for i in 1..200 return s + "y"), ',
        "list contains(a, x)",
        37,
    ),
    "in list strs": (TEXT + 'x: s + "z", a: (for i in 1..200 return s + "y"), ', "x in a", 36),
    "distinct strs": (TEXT + "a: (for i in 1..50 return s + string(i)), ", "distinct values(a)", 237),
    "distinct": (MANY_NUMBERS, "distinct values(a)", 87_851),
    "concat": (MANY_NUMBERS, "concatenate(a, a, a, a)", 351),
    "flatten": (MANY_NUMBERS, "flatten([a, [a]])", 1_403),
    "list replace": (MANY_NUMBERS, "list replace(a, 5, 1)", 88),
    "list replace fn": (MANY_NUMBERS, "list replace(a, function(x, y) x = 5, 1)", 4_901),
    "index of": (MANY_NUMBERS, "index of(a, 5)", 177),
    "index of ctx": (MANY_CONTEXTS, 'index of(a, {a: 1, b: "1", c: [1, 1]})', 320),
    "eq ctx": (MANY_CONTEXTS + "b: (for i in 1..200 return {a: i, b: string(i), c: [i, i]}), ", "a = b", 597),
    "all": ("a: (for i in 1..1000 return true), ", "all(a)", 177),
    "path": (MANY_CONTEXTS, "a.a", 140),
    "path dates": ('a: (for i in 1..1000 return @"2026-01-01"), ', "a.year", 700),
    "path offset": (
        'a: (for i in 1..1000 return @"2026-01-01T10:00:00@Europe/Paris"), ',
        "a.time offset",
        700,
    ),
    "path days": ('a: (for i in 1..1000 return @"P1DT3H"), ', "a.days", 700),
    "filter": (MANY_NUMBERS, "a[item > 5]", 1_400),
    "filter ctx": (MANY_CONTEXTS, 'a[b = "5"]', 280),
    "filter nested": (MANY_NUMBERS, "a[item > 5][item > 6][item > 7][item > 8]", 5_574),
    "filter wide ctx": (MANY_WIDE, "c[x = 1]", 1_050),
    "for wide ctx": (MANY_WIDE, "for x in c return x", 140),
    "get entries": (WIDE, "get entries(c)", 132),
    "context": (WIDE + "e: get entries(c), ", "context(e)", 237),
    "context put": (WIDE, 'context put(c, "z", 1)', 27),
    "context merge": (WIDE, "context merge([c, c, c])", 659),
    "literal ctx": ("", "{" + ENTRIES + "}", 3),
    "string a": (MANY_NUMBERS, "string(a)", 715),
    "string ctx": (MANY_CONTEXTS, "string(a)", 859),
    "string long": (TEXT, "string(s)", 51),
    "join": (MANY_TEXTS, 'string join(a, ",")', 99),
    "join2": (TEXT + 'a: (for i in 1..100 return "a"), ', "string join(a, s)", 2_471),
    "concat str": (TEXT, "s + s", 51),
    "substring": (TEXT, "substring(s, 2)", 25),
    "upper": (TEXT, "upper case(s)", 25),
    "upper ß": ('s: string join(for i in 1..900 return "ßßßßßßßßßß"), ', "upper case(s)", 222),
    "contains": (TEXT, 'contains(s, "99999")', 25),
    "starts": (TEXT, "starts with(s, s)", 25),
    "instance of": (MANY_NUMBERS, "a instance of list<number>", 1_401),
    "instance ctx": (
        MANY_CONTEXTS,
        "a instance of list<context<a: number, b: string, c: list<number>>>",
        1_261,
    ),
    "function typed": (MANY_NUMBERS + "f: function(x: list<number>) 1, ", "f(a)", 1_405),
    "range str": ("", 'range("[1..10]")', 130),
    "range bad": (TEXT, 'range("[" + s + "..10]")', 75_799),
    "range long": ('t: "1' + "+1" * 1500 + '", ', 'range("["+ t +"..10]")', 25_357),
    "range long2": (
        "",
        'range("[" + string(k) + "..(((((((((((((((((((((((((((((((1)))))))))))))))))))))))))))))))))))]")',
        682,
    ),
    "business days": ("", 'business days(@"2026-11-20", 200)', 7),
    "next bd": ("", 'next business day(@"2026-11-21")', 7),
    "age": ("", 'age(@"2000-01-01", @"2026-11-21")', 7),
    "nit": ("", "nit digit(899999053)", 7),
    "money": ("", "money(1234567)", 7),
    "long date": ("", 'long date("2026-11-24")', 8),
    "nit list": (TEXT, "nit digit(s)", 7),
    "is": ("", 'is(@"2026-01-01T10:00:00@Europe/Paris", @"2026-01-01T10:00:00@Europe/Paris")', 5),
    "coincides dates": (
        "",
        'coincides([@"2026-01-01T10:00:00@Europe/Paris"..@"2027-01-01T10:00:00@Europe/Paris"],[@"2026-01-01T10:00:00@Europe/Paris"..@"2027-01-01T10:00:00@Europe/Paris"])',
        8,
    ),
    "dt zone": ("", 'date and time(@"2026-01-01T10:00:00Z", "America/Bogota")', 5),
    "dt parts": ("", 'date and time(2026,1,1,10,0,0,@"PT5H")', 8),
    "ymd": ("", 'years and months duration(@"2011-12-22", @"2013-08-24")', 2),
    "split sec": ("", "time(10, 0, 1e-6000)", 5),
    "split sec2": ("", "time(10, 0, 9e6000)", 5),
    "date e": ("", "date(9e6000, 1, 1)", 2),
    "dur e": ("", '@"P1D" * 9e6000', 3),
    "dur div e": ("", '@"P1D" / 1e-6000', 3),
    "ctx scope chain": ("x1: 1, ", "{a: {b: {c: {d: {e: {f: {g: x1}}}}}}}", 16),
    "between wide": (MANY_NUMBERS, "a[item between 5 and 900]", 2_100),
}
"""What is done at once and dear: (entries of a context before it, the expression, steps that it costs at least).

The steps are about two thirds of what it was charged when its time was measured.
"""


def again_and_again(entries: str, expression: str) -> str:
    """The expression in a loop without end."""
    return f"{{{entries}r: for k in 1..1000000000 return {expression}}}.r"


def once(entries: str, expression: str) -> str:
    return f"{{{entries}k: 1, r: ({expression})}}.r"
