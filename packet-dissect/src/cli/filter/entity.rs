//! What was seen of a packet, and what a test makes of it.

use std::borrow::Cow;

use crate::fields::Field;

use super::comparison::{Comparison, Quantifier};
use super::syntax::{Entity, Function, Node, Operator, Span, Subject};
use super::value::Value;

/// The values that a test asks for.
#[derive(Debug)]
pub(super) struct Seen {
    subjects: Vec<Subject>,
    /// Which of them more is asked of than whether it is there: of a layer its bytes are kept then.
    are_read: Vec<bool>,
    /// Those of each subject, in the order of the packet.
    values: Vec<Vec<Value>>,
    /// Of each value the number of its layer, among those of its protocol.
    layers: Vec<Vec<usize>>,
    /// The protocols so far, and how many layers there were of each.
    counts: Vec<(&'static str, usize)>,
    /// Which of them the layer is that was begun last.
    current: usize,
    /// The subject that is the layer begun last.
    awaits_bytes: Option<usize>,
}

impl Seen {
    pub(super) fn new(subjects: Vec<Subject>, reads: &[usize]) -> Self {
        let are_read = reads.iter().map(|reads| *reads > 0).collect();
        let none = || subjects.iter().map(|_| Vec::new()).collect();
        let (values, layers) = (none(), subjects.iter().map(|_| Vec::new()).collect());
        Self { subjects, are_read, values, layers, counts: Vec::new(), current: 0, awaits_bytes: None }
    }

    pub(super) fn clear(&mut self) {
        self.values.iter_mut().for_each(Vec::clear);
        self.layers.iter_mut().for_each(Vec::clear);
        self.counts.clear();
        self.awaits_bytes = None;
    }

    pub(super) fn layer(&mut self, name: &'static str) {
        match self.counts.iter().position(|(of, _)| *of == name) {
            Some(number) => {
                self.current = number;
                self.counts[number].1 += 1;
            }
            None => {
                self.current = self.counts.len();
                self.counts.push((name, 0));
            }
        }
        let subject = self.subjects.iter().position(|of| *of == Subject::Layer(name));
        if let Some(subject) = subject {
            self.add(subject, Value::Layer(Vec::new(), 0));
        }
        self.awaits_bytes = subject.filter(|subject| self.are_read[*subject]);
    }

    pub(super) fn layer_bytes(&mut self, own: usize, bytes: &[u8]) {
        let Some(subject) = self.awaits_bytes.take() else { return };
        if let Some(value) = self.values[subject].last_mut() {
            *value = Value::Layer(bytes.to_vec(), own);
        }
    }

    pub(super) fn field(&mut self, field: Field, value: impl FnOnce() -> Value) {
        if let Some(subject) = self.subjects.iter().position(|of| *of == Subject::Field(field)) {
            self.add(subject, value());
        }
    }

    fn add(&mut self, subject: usize, value: Value) {
        self.values[subject].push(value);
        self.layers[subject].push(self.counts.get(self.current).map_or(0, |(_, count)| *count));
    }

    pub(super) fn holds(&self, node: &Node) -> bool {
        match node {
            Node::Or(nodes) => nodes.iter().any(|node| self.holds(node)),
            Node::ExclusiveOr(nodes) => nodes.iter().filter(|node| self.holds(node)).count() % 2 == 1,
            Node::And(nodes) => nodes.iter().all(|node| self.holds(node)),
            Node::Not(node) => !self.holds(node),
            Node::Exists(entity @ (Entity::Arithmetic(..) | Entity::Negative(_))) => {
                self.values_of(entity).iter().any(Value::is_something)
            }
            Node::Exists(entity) => !self.values_of(entity).is_empty(),
            Node::Relation { of, left, comparison, right } => self.relation(*of, left, *comparison, right),
            Node::OneOf { of, left, set } => {
                let set: Vec<_> = set
                    .iter()
                    .map(|(first, last)| (self.values_of(first), last.as_ref().map(|last| self.values_of(last))))
                    .collect();
                let is_in = |value: &Value| {
                    set.iter().any(|(first, last)| match last {
                        None => first.iter().any(|first| value.compares(Comparison::Equal, first)),
                        Some(last) => {
                            first.iter().any(|first| value.compares(Comparison::AtLeast, first))
                                && last.iter().any(|last| value.compares(Comparison::AtMost, last))
                        }
                    })
                };
                of.holds(&self.values_of(left), is_in)
            }
            Node::Contains { of, left, right } => {
                let looked_for = self.values_of(right);
                let contains = |value: &Value| {
                    looked_for.iter().any(|text| {
                        let (text, within) = (text.bytes(), value.searched());
                        text.is_empty() || within.windows(text.len()).any(|window| window == &*text)
                    })
                };
                of.holds(&self.values_of(left), contains)
            }
            Node::Matches { of, left, pattern } => {
                of.holds(&self.values_of(left), |value| pattern.is_match(&value.searched()))
            }
        }
    }

    fn relation(&self, of: Quantifier, left: &Entity, comparison: Comparison, right: &Entity) -> bool {
        let right = self.values_of(right);
        let is_met = |left: &Value| match of {
            Quantifier::Any => right.iter().any(|right| left.compares(comparison, right)),
            Quantifier::All => right.iter().all(|right| left.compares(comparison, right)),
        };
        !right.is_empty() && of.holds(&self.values_of(left), is_met)
    }

    fn values_of<'s>(&'s self, entity: &'s Entity) -> Cow<'s, [Value]> {
        match entity {
            Entity::Literal(value) => Cow::Borrowed(std::slice::from_ref(value)),
            Entity::Subject(subject, spans) if spans.is_empty() => Cow::Borrowed(&self.values[*subject]),
            Entity::Subject(subject, spans) => self.of_layers(*subject, spans).into(),
            Entity::Slice(of, spans) => {
                let values = self.values_of(of);
                let cut = |value: &Value| {
                    let bytes = value.bytes();
                    let parts = spans.iter().map(|span| bytes.get(span.of(bytes.len())?));
                    let parts = parts.collect::<Option<Vec<_>>>()?.concat();
                    Some(if matches!(value, Value::Text(_)) { Value::Text(parts) } else { Value::Bytes(parts) })
                };
                values.iter().filter_map(cut).collect()
            }
            Entity::Call(function, arguments) => self.call(*function, arguments).into(),
            Entity::Negative(of) => self.values_of(of).iter().map(|value| value.map(|number| -number)).collect(),
            Entity::Arithmetic(operator, left, right) => {
                let (left, right) = (self.values_of(left), self.values_of(right));
                let pairs = left.iter().flat_map(|left| right.iter().map(move |right| (left, right)));
                pairs.filter_map(|(left, right)| left.combine(right, |a, b| operator.apply(a, b))).collect()
            }
        }
    }

    /// The values that stand in layers of these numbers; each protocol's are counted for themselves, from its first.
    fn of_layers(&self, subject: usize, spans: &[Span]) -> Vec<Value> {
        let layers = &self.layers[subject];
        let count = layers.last().map_or(0, |last| last + 1);
        let is_meant = |layer: usize| spans.iter().any(|span| span.of(count).is_some_and(|of| of.contains(&layer)));
        let values = self.values[subject].iter().zip(layers);
        values.filter(|(_, layer)| is_meant(**layer)).map(|(value, _)| value.clone()).collect()
    }

    fn call(&self, function: Function, arguments: &[Entity]) -> Vec<Value> {
        let mut values = arguments.iter().flat_map(|argument| self.values_of(argument).into_owned());
        match function {
            Function::Length => values.map(|value| Value::Number(value.bytes().len() as i128)).collect(),
            Function::Count => match values.count() {
                0 => Vec::new(),
                count => vec![Value::Number(count as i128)],
            },
            Function::Upper => values.map(|value| Value::Text(value.bytes().to_ascii_uppercase())).collect(),
            Function::Lower => values.map(|value| Value::Text(value.bytes().to_ascii_lowercase())).collect(),
            Function::Text => values.map(|value| Value::Text(value.text())).collect(),
            Function::Absolute => values.map(|value| value.map(i128::abs)).collect(),
            Function::Max | Function::Min => {
                let wanted = if function == Function::Max { Comparison::Greater } else { Comparison::Less };
                let Some(mut best) = values.next() else { return Vec::new() };
                for value in values {
                    if value.compares(wanted, &best) {
                        best = value;
                    }
                }
                vec![best]
            }
        }
    }
}

impl Quantifier {
    /// Whether something is true of any of the values, or of all, of which there must be one.
    fn holds(self, values: &[Value], is_true: impl Fn(&Value) -> bool) -> bool {
        match self {
            Self::Any => values.iter().any(is_true),
            Self::All => !values.is_empty() && values.iter().all(is_true),
        }
    }
}

impl Operator {
    /// `None` where nothing comes of it: a division by zero.
    fn apply(self, a: i128, b: i128) -> Option<i128> {
        match self {
            Self::BitAnd => Some(a & b),
            Self::Plus => a.checked_add(b),
            Self::Minus => a.checked_sub(b),
            Self::Times => a.checked_mul(b),
            Self::Over => a.checked_div(b),
            Self::Modulo => a.checked_rem(b),
        }
    }
}
