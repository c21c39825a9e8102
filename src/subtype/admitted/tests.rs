//! What a writer loses to one condition, decided for each kind of value.

use super::*;

fn number(number: i64) -> Json {
    Json::Number(number.into())
}

fn whole() -> Kind {
    let number = |number: i64| Decimal::from(number);
    Kind::Stepped { step: number(1), least: number(-100), most: number(100) }
}

fn below(bound: i64) -> Condition {
    Condition::Within(Span { least: None, most: Some((bound.into(), true)), is_gap: false })
}

fn values(kind: Kind, conditions: Vec<Condition>) -> Values {
    Values { kind, conditions, zero: Zero::Judged }
}

fn lost(values: &Values, condition: &Condition) -> Found {
    values.find(Some(&Refusing { condition, zero: Zero::Judged }))
}

#[test]
fn a_list_ends_where_a_bound_does() {
    let listed = |numbers: &[i64]| Condition::Among(numbers.iter().copied().map(number).collect());
    let writer = values(whole(), vec![listed(&[1, 2, 3]), below(3)]);
    assert_eq!(lost(&writer, &listed(&[1, 2])), Found::Nothing);
    assert_eq!(lost(&writer, &listed(&[2])), Found::Value(number(1)));
    // Numbers end somewhere, too.
    let least = Span { least: Some((Decimal::from(-100_i64), false)), most: None, is_gap: false };
    assert_eq!(lost(&values(whole(), Vec::new()), &Condition::Within(least)), Found::Nothing);
}

#[test]
fn what_nobody_can_run_proves_nothing_but_what_holds_without_it() {
    let unknown = || Condition::Unknown("run".to_owned());
    let writer = values(whole(), vec![unknown(), below(3)]);
    assert_eq!(lost(&writer, &below(3)), Found::Nothing);
    assert_eq!(lost(&writer, &below(2)), Found::Unknown);
    assert_eq!(lost(&writer, &unknown()), Found::Nothing);
}

#[test]
fn texts_are_decided_with_their_sizes() {
    let language = Language::pattern("^[ab]*$").unwrap();
    let writer = values(Kind::Text, vec![Condition::In(language), Condition::Length(0, Some(2))]);
    assert_eq!(lost(&writer, &Condition::Size(0, Some(8))), Found::Nothing);
    // That all its letters are small is not looked into.
    assert_eq!(lost(&writer, &Condition::Size(0, Some(2))), Found::Unknown);
    assert_eq!(lost(&writer, &Condition::Size(0, Some(1))), Found::Value(Json::string("aa")));
    let wide = values(Kind::Text, vec![Condition::Length(0, Some(2))]);
    let Found::Value(found) = lost(&wide, &Condition::Size(0, Some(5))) else { panic!() };
    assert!(text::size(&found).unwrap() > 5);
}

#[test]
fn elements_that_differ_are_no_more_than_there_are() {
    let few = Condition::Among([number(1), number(2)].into());
    let of = |parts: fn(Values) -> Parts| Many {
        parts: parts(values(whole(), vec![few.clone()])),
        least: 0,
        most: None,
        empty: Zero::Judged,
    };
    let more = Lacking::Count(Count::Above(2));
    assert_eq!(of(Parts::Distinct).find(&more), Found::Nothing);
    assert!(matches!(of(Parts::Repeating).find(&more), Found::Value(_)));
    assert!(matches!(of(Parts::Repeating).find(&Lacking::Repeats), Found::Value(_)));
    assert_eq!(of(Parts::Distinct).find(&Lacking::Repeats), Found::Nothing);
}
