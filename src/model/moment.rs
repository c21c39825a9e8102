//! Points in time as texts and as seconds: `1970-01-01T00:00:05Z` is 5.
//!
//! <https://www.rfc-editor.org/rfc/rfc3339>

use super::Decimal;

/// The seconds in a day.
const DAY: i64 = 86_400;

/// The first second of the year 1, and the last of 9999.
const FIRST: i64 = -62_135_596_800;
const LAST: i64 = 253_402_300_799;

/// The seconds since 1970 of a point in time in UTC.
pub(crate) fn seconds_of(text: &str) -> Option<Decimal> {
    let (date, time) = text.strip_suffix('Z')?.split_once('T')?;
    let mut parts = date.splitn(3, '-').map(|part| part.parse::<i64>().ok());
    let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
    let (time, fraction) = time.split_once('.').unwrap_or((time, "0"));
    let mut parts = time.splitn(3, ':').map(|part| part.parse::<i64>().ok());
    let (hour, minute, second) = (parts.next()??, parts.next()??, parts.next()??);
    let is_date =
        (1..=9999).contains(&year) && (1..=12).contains(&month) && (1..=31).contains(&day);
    if !is_date || hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let whole = days(year, month, day) * DAY + hour * 3600 + minute * 60 + second;
    Decimal::from(whole).plus(&format!("0.{fraction}").parse().ok()?)
}

/// The point in time so many seconds after 1970, in UTC; `None` beyond the years 1 to 9999.
pub(crate) fn text_of(seconds: i64) -> Option<String> {
    if !(FIRST..=LAST).contains(&seconds) {
        return None;
    }
    let (day, rest) = (seconds.div_euclid(DAY), seconds.rem_euclid(DAY));
    // Not after the year, and not long before it.
    let mut year = 1970 + day.div_euclid(366).min(day.div_euclid(365));
    while days(year + 1, 1, 1) <= day {
        year += 1;
    }
    let month = (1..=12).rev().find(|month| days(year, *month, 1) <= day)?;
    let day = day - days(year, month, 1) + 1;
    let (hour, minute, second) = (rest / 3600, rest / 60 % 60, rest % 60);
    Some(format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z"))
}

/// The days from 1970 to a date in the calendar of today.
fn days(year: i64, month: i64, day: i64) -> i64 {
    const BEFORE: [i64; 12] = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];
    let before = usize::try_from(month - 1).ok().and_then(|month| BEFORE.get(month));
    let leaps = |year: i64| year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    let is_leap = leaps(year) > leaps(year - 1);
    let added = i64::from(is_leap && month > 2);
    (year - 1970) * 365 + leaps(year - 1) - leaps(1969) + before.unwrap_or(&0) + added + day - 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_and_seconds_are_the_same_points() {
        let known = [
            (0, "1970-01-01T00:00:00Z"),
            (5, "1970-01-01T00:00:05Z"),
            (-1, "1969-12-31T23:59:59Z"),
            (951_782_400, "2000-02-29T00:00:00Z"),
            (1_709_251_199, "2024-02-29T23:59:59Z"),
            (253_402_300_799, "9999-12-31T23:59:59Z"),
            (-62_135_596_800, "0001-01-01T00:00:00Z"),
        ];
        for (seconds, text) in known {
            assert_eq!(text_of(seconds).as_deref(), Some(text));
            assert_eq!(seconds_of(text), Some(Decimal::from(seconds)));
        }
        assert_eq!(seconds_of("1970-01-01T00:00:00.5Z"), "0.5".parse().ok());
        assert_eq!(seconds_of("1970-13-01T00:00:00Z"), None);
        assert_eq!(text_of(253_402_300_800), None);
    }
}
