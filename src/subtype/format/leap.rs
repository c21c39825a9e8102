//! Leap seconds: they occur at 23:59 UTC (RFC 3339 §5.7), whatever the time is called where they are
//! written.
//!
//! An automaton that tells them would remember the hour and the minute until the offset comes. Those
//! that are written in UTC are told by the grammar; of the others it is known which texts they may
//! be, and a single text tells itself.

/// `time-hour ":" time-minute ":60"` behind any offset.
pub(super) fn any_time() -> String {
    let offset = "[+-](?:[01]\\d|2[0-3]):[0-5]\\d";
    format!("(?:{}|(?:[01]\\d|2[0-3]):[0-5]\\d:60(?:\\.\\d+)?{offset})", super::grammar::time())
}

/// The same behind any date.
pub(super) fn any_date_time() -> String {
    format!("{}[Tt]{}", super::grammar::date(), any_time())
}

const DAY: i32 = 24 * 60;

/// Whether a time that is written in one of these forms has no leap second, or has it at 23:59 UTC.
pub(super) fn is_in_its_place(text: &str) -> bool {
    let time = text.rsplit(['T', 't']).next().unwrap_or(text);
    let Some((clock, rest)) = time.split_at_checked(8) else { return false };
    let Some((minute, "60")) = clock.rsplit_once(':') else { return true };
    let offset = if rest.ends_with(['Z', 'z']) {
        Some(0)
    } else {
        rest.rfind(['+', '-']).and_then(|at| {
            let (sign, offset) = rest.get(at..)?.split_at_checked(1)?;
            let minutes = minutes(offset)?;
            Some(if sign == "-" { -minutes } else { minutes })
        })
    };
    let utc = offset.zip(minutes(minute)).map(|(offset, local)| (local - offset).rem_euclid(DAY));
    utc == Some(DAY - 1)
}

/// How many minutes `hh:mm` stands for.
fn minutes(text: &str) -> Option<i32> {
    let (hours, minutes) = text.split_once(':')?;
    Some(hours.parse::<i32>().ok()? * 60 + minutes.parse::<i32>().ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_leap_second_is_the_last_of_a_day_in_utc() {
        for text in [
            "23:59:60Z",
            "18:59:60-05:00",
            "05:29:60.25+05:30",
            "00:00:60+00:01",
            "1990-12-31T15:59:60-08:00",
            "12:00:00+05:00",
        ] {
            assert!(is_in_its_place(text), "{text}");
        }
        for text in ["12:00:60Z", "23:59:60+01:00", "18:59:60+05:00", "1990-12-31T15:58:60-08:00"] {
            assert!(!is_in_its_place(text), "{text}");
        }
    }
}
