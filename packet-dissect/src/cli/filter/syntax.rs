//! A test's words put together: what is to be asked of a packet.

use std::ops::Range;

use regex::bytes::{Regex, RegexBuilder};

use crate::Layer;
use crate::fields::Field;
use ether_ip::ethernet::MacAddr;

use super::super::{clock, names, undecoded};
use super::comparison::{Comparison, Quantifier};
use super::mistake::{self, FRAME, Mistake};
use super::token::{Token, What, tokens};
use super::value::{self, Type, Value};

/// How deep parentheses, braces and negations may be nested.
const MAX_DEPTH: usize = 64;

#[derive(Debug)]
pub(super) enum Node {
    Or(Vec<Node>),
    ExclusiveOr(Vec<Node>),
    And(Vec<Node>),
    Not(Box<Node>),
    /// There is such a value, and if it is a number that was worked out, it is not 0.
    Exists(Entity),
    Relation {
        of: Quantifier,
        left: Entity,
        comparison: Comparison,
        right: Entity,
    },
    /// One of a set's values, or within one of its ranges.
    OneOf {
        of: Quantifier,
        left: Entity,
        set: Vec<(Entity, Option<Entity>)>,
    },
    Contains {
        of: Quantifier,
        left: Entity,
        right: Entity,
    },
    Matches {
        of: Quantifier,
        left: Entity,
        pattern: Regex,
    },
}

/// What has values.
#[derive(Debug)]
pub(super) enum Entity {
    /// The number of a subject; only what its layers are counted as, if that is said.
    Subject(usize, Vec<Span>),
    Literal(Value),
    Slice(Box<Entity>, Vec<Span>),
    Call(Function, Vec<Entity>),
    Arithmetic(Operator, Box<Entity>, Box<Entity>),
    Negative(Box<Entity>),
}

/// A part of what is counted: from the end, if negative. Without a length it goes to the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) start: i64,
    pub(super) len: Option<i64>,
}

impl Span {
    /// Its part of so many; some of it may be behind them.
    pub(super) fn of(self, count: usize) -> Option<Range<usize>> {
        let count = i64::try_from(count).ok()?;
        let start = if self.start < 0 { count.checked_add(self.start)? } else { self.start };
        let end = self.len.map_or(count, |len| start.saturating_add(len));
        (0 <= start && start < end).then_some(start as usize..end as usize)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Function {
    Length,
    Count,
    Upper,
    Lower,
    Text,
    Max,
    Min,
    Absolute,
}

impl Function {
    const ALL: [(&'static str, Self); 8] = [
        ("len", Self::Length),
        ("count", Self::Count),
        ("upper", Self::Upper),
        ("lower", Self::Lower),
        ("string", Self::Text),
        ("max", Self::Max),
        ("min", Self::Min),
        ("abs", Self::Absolute),
    ];
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operator {
    BitAnd,
    Plus,
    Minus,
    Times,
    Over,
    Modulo,
}

/// What is looked for in a packet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Subject {
    Field(Field),
    Layer(&'static str),
}

/// What was written, before it is known what it is to be compared with.
enum Operand {
    Entity(Entity, Type, Option<Field>),
    /// Its token's number, and whether it is negative.
    Literal(usize, bool),
}

pub(super) struct Parser<'t> {
    text: &'t str,
    tokens: Vec<Token>,
    at: usize,
    pub(super) subjects: Vec<Subject>,
    /// How often more is asked of each than whether it is there.
    pub(super) reads: Vec<usize>,
    depth: usize,
}

type Parsed<T> = Result<T, Mistake>;

impl<'t> Parser<'t> {
    pub(super) fn new(text: &'t str) -> Parsed<Self> {
        Ok(Self { text, tokens: tokens(text)?, at: 0, subjects: Vec::new(), reads: Vec::new(), depth: 0 })
    }

    /// The whole test. An empty one is true of every packet.
    pub(super) fn whole(&mut self) -> Parsed<Node> {
        if self.tokens.is_empty() {
            return Ok(Node::And(Vec::new()));
        }
        let root = self.or()?;
        match self.tokens.get(self.at) {
            Some(token) => Err(self.mistake(format!("{:?} was not expected", self.written(token)), self.at)),
            None => Ok(root),
        }
    }

    fn written(&self, token: &Token) -> &'t str {
        self.text.get(token.start..token.end).unwrap_or_default()
    }

    /// What is wrong with a token; behind the last one it is that something is missing.
    fn mistake(&self, message: String, at: usize) -> Mistake {
        let (start, end) = self.tokens.get(at).map_or((self.text.len(), self.text.len()), |of| (of.start, of.end));
        Mistake::new(message, start, end)
    }

    fn peek(&self) -> Option<&What> {
        self.tokens.get(self.at).map(|token| &token.what)
    }

    /// Whether one of these signs or words comes; it is taken then.
    fn take(&mut self, any_of: &[&str]) -> bool {
        let is_there = match self.peek() {
            Some(What::Sign(sign)) => any_of.contains(sign),
            Some(What::Word(word)) => any_of.iter().any(|of| word.eq_ignore_ascii_case(of)),
            _ => false,
        };
        self.at += usize::from(is_there);
        is_there
    }

    fn expect(&mut self, sign: &str, message: &str) -> Parsed<()> {
        if self.take(&[sign]) { Ok(()) } else { Err(self.mistake(message.to_owned(), self.at)) }
    }

    /// Goes one deeper.
    fn within<T>(&mut self, parse: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(self.mistake(format!("nested deeper than {MAX_DEPTH}"), self.at));
        }
        let parsed = parse(self);
        self.depth -= 1;
        parsed
    }

    fn or(&mut self) -> Parsed<Node> {
        self.list(&["||", "or"], Self::exclusive_or, Node::Or)
    }

    fn exclusive_or(&mut self) -> Parsed<Node> {
        self.list(&["^^", "xor"], Self::and, Node::ExclusiveOr)
    }

    fn and(&mut self) -> Parsed<Node> {
        self.list(&["&&", "and"], Self::not, Node::And)
    }

    fn list(
        &mut self,
        between: &[&str],
        parse: impl Fn(&mut Self) -> Parsed<Node>,
        make: impl FnOnce(Vec<Node>) -> Node,
    ) -> Parsed<Node> {
        let first = parse(self)?;
        let mut nodes = vec![first];
        while self.take(between) {
            nodes.push(parse(self)?);
        }
        Ok(if nodes.len() == 1 { nodes.remove(0) } else { make(nodes) })
    }

    fn not(&mut self) -> Parsed<Node> {
        self.within(|this| {
            if this.take(&["!", "not"]) {
                return Ok(Node::Not(Box::new(this.not()?)));
            }
            if !this.take(&["("]) {
                return this.test();
            }
            let inner = this.or()?;
            this.expect(")", "a parenthesis is not closed")?;
            Ok(inner)
        })
    }

    fn test(&mut self) -> Parsed<Node> {
        let quantifier = match (self.take(&["any"]), self.take(&["all"])) {
            (true, _) => Some(Quantifier::Any),
            (_, true) => Some(Quantifier::All),
            _ => None,
        };
        let left_at = self.at;
        let left = self.operand()?;
        let of = quantifier.unwrap_or(Quantifier::Any);
        if let Some((_, comparison)) = Comparison::ALL.iter().find(|(names, _)| self.take(names)) {
            return self.relation(quantifier, left, left_at, *comparison);
        }
        let is_negated = self.take(&["not"]);
        let node = if self.take(&["in"]) {
            self.one_of(of, left, left_at)?
        } else if self.take(&["contains"]) {
            self.contains(of, left, left_at)?
        } else if self.take(&["matches", "~"]) {
            self.matches(of, left, left_at)?
        } else if is_negated {
            return Err(self.mistake("\"not\" wants \"in\", \"contains\" or \"matches\" behind it".to_owned(), self.at));
        } else if quantifier.is_some() {
            return Err(self.mistake("\"any\" and \"all\" want a comparison".to_owned(), self.at));
        } else {
            let entity = self.entity(left, left_at)?.0;
            if let Entity::Subject(number, _) = entity {
                self.reads[number] -= 1;
            }
            Node::Exists(entity)
        };
        Ok(if is_negated { Node::Not(Box::new(node)) } else { node })
    }

    /// What cannot be a value alone.
    fn entity(&self, operand: Operand, at: usize) -> Parsed<(Entity, Type, Option<Field>)> {
        match operand {
            Operand::Entity(entity, of, field) => Ok((entity, of, field)),
            Operand::Literal(number, _) => Err(self.unknown(number.min(at))),
        }
    }

    fn relation(
        &mut self,
        quantifier: Option<Quantifier>,
        left: Operand,
        left_at: usize,
        comparison: Comparison,
    ) -> Parsed<Node> {
        let (left, of, field) = self.entity(left, left_at)?;
        let right_at = self.at;
        self.unquoted(of, field)?;
        let right = self.operand()?;
        let right = self.as_type(right, of, field, right_at)?;
        Ok(Node::Relation { of: quantifier.unwrap_or(comparison.quantifier()), left, comparison, right })
    }

    fn one_of(&mut self, of: Quantifier, left: Operand, left_at: usize) -> Parsed<Node> {
        let (left, kind, field) = self.entity(left, left_at)?;
        self.expect("{", "\"in\" wants a set, as in {80, 443, 8000 .. 8080}")?;
        let mut set = Vec::new();
        while !self.take(&["}"]) {
            let member = |this: &mut Self| {
                let at = this.at;
                this.unquoted(kind, field)?;
                let operand = this.operand()?;
                this.as_type(operand, kind, field, at)
            };
            let first = member(self)?;
            let last = if self.take(&[".."]) { Some(member(self)?) } else { None };
            set.push((first, last));
            if !self.take(&[","]) && !matches!(self.peek(), Some(What::Sign("}") | What::Word(_) | What::Text(_))) {
                return Err(self.mistake("a set is not closed".to_owned(), self.at));
            }
        }
        Ok(Node::OneOf { of, left, set })
    }

    fn contains(&mut self, of: Quantifier, left: Operand, left_at: usize) -> Parsed<Node> {
        let (left, kind, field) = self.entity(left, left_at)?;
        let looked_for = match kind {
            Type::Text => Type::Text,
            Type::Bytes | Type::Layer | Type::Mac => Type::Bytes,
            _ => {
                let message = format!("\"contains\" wants text, bytes or a layer, and this is {}", kind.name());
                return Err(self.mistake(message, left_at));
            }
        };
        let right_at = self.at;
        let right = self.operand()?;
        let right = self.as_type(right, looked_for, field, right_at)?;
        Ok(Node::Contains { of, left, right })
    }

    fn matches(&mut self, of: Quantifier, left: Operand, left_at: usize) -> Parsed<Node> {
        let (left, kind, _) = self.entity(left, left_at)?;
        if !matches!(kind, Type::Text | Type::Bytes | Type::Layer) {
            let message = format!("\"matches\" wants text, bytes or a layer, and this is {}", kind.name());
            return Err(self.mistake(message, left_at));
        }
        let pattern = match self.peek() {
            Some(What::Text(text)) => pattern_of(text),
            Some(What::Word(word)) => word.clone(),
            _ => return Err(self.mistake("a pattern in quotes is missing".to_owned(), self.at)),
        };
        let built = RegexBuilder::new(&pattern).case_insensitive(true).unicode(false).size_limit(1 << 20).build();
        let pattern = built.map_err(|error| {
            let message = error.to_string();
            let last = message.lines().last().unwrap_or_default().trim().to_owned();
            self.mistake(format!("{pattern:?} is no pattern: {last}"), self.at)
        })?;
        self.at += 1;
        Ok(Node::Matches { of, left, pattern })
    }

    /// Arithmetic: `&` binds least, then `+` and `-`.
    fn operand(&mut self) -> Parsed<Operand> {
        const LEVELS: [&[(&str, Operator)]; 3] = [
            &[("&", Operator::BitAnd), ("bitand", Operator::BitAnd), ("bitwise_and", Operator::BitAnd)],
            &[("+", Operator::Plus), ("-", Operator::Minus)],
            &[("*", Operator::Times), ("/", Operator::Over), ("%", Operator::Modulo)],
        ];
        self.level(&LEVELS)
    }

    fn level(&mut self, levels: &[&[(&str, Operator)]]) -> Parsed<Operand> {
        let Some((operators, finer)) = levels.split_first() else { return self.sliced() };
        let mut left_at = self.at;
        let mut left = self.level(finer)?;
        while let Some((_, operator)) = operators.iter().find(|(sign, _)| self.take(&[sign])) {
            let right_at = self.at;
            let right = self.level(finer)?;
            let kind = match (&left, &right) {
                (Operand::Entity(_, kind, _), _) | (_, Operand::Entity(_, kind, _)) => *kind,
                _ => Type::Number,
            };
            let is_fit = match operator {
                Operator::BitAnd => matches!(kind, Type::Number | Type::Bytes),
                _ => matches!(kind, Type::Number | Type::Time),
            };
            if !is_fit {
                let message = format!("only numbers and times can be calculated with, and this is {}", kind.name());
                return Err(self.mistake(message, left_at));
            }
            let (a, b) = (self.as_type(left, kind, None, left_at)?, self.as_type(right, kind, None, right_at)?);
            left = Operand::Entity(Entity::Arithmetic(*operator, Box::new(a), Box::new(b)), kind, None);
            left_at = right_at;
        }
        Ok(left)
    }

    fn sliced(&mut self) -> Parsed<Operand> {
        let at = self.at;
        let mut operand = self.primary()?;
        while let Some(What::Bracket(inside)) = self.peek() {
            let spans = spans(inside, 0);
            let spans = spans.ok_or_else(|| {
                let shapes = "[3], [0:3], [0-2], [:3], [3:], and several with commas";
                self.mistake(format!("a slice looks like {shapes}"), self.at)
            })?;
            let (entity, kind, _) = self.entity(operand, at)?;
            if matches!(kind, Type::Number | Type::Time) {
                return Err(self.mistake(format!("{} cannot be sliced", kind.name()), self.at));
            }
            self.at += 1;
            let kind = if kind == Type::Text { Type::Text } else { Type::Bytes };
            operand = Operand::Entity(Entity::Slice(Box::new(entity), spans), kind, None);
        }
        Ok(operand)
    }

    fn primary(&mut self) -> Parsed<Operand> {
        let at = self.at;
        if self.take(&["-"]) {
            return self.within(|this| match this.sliced()? {
                Operand::Entity(entity, kind, _) => Ok(Operand::Entity(Entity::Negative(Box::new(entity)), kind, None)),
                Operand::Literal(number, is_negative) => Ok(Operand::Literal(number, !is_negative)),
            });
        }
        if self.take(&["+"]) {
            return self.within(Self::sliced);
        }
        if self.take(&["{"]) {
            let inner = self.within(Self::operand)?;
            self.expect("}", "a brace is not closed")?;
            return Ok(inner);
        }
        let word = match self.peek() {
            None => return Err(self.mistake("something is missing at the end".to_owned(), at)),
            Some(What::Word(word)) => word.clone(),
            Some(What::Text(_) | What::Character(_)) => {
                self.at += 1;
                return Ok(Operand::Literal(at, false));
            }
            Some(What::Sign(_) | What::Bracket(_)) => {
                let written = self.written(&self.tokens[at]);
                return Err(self.mistake(format!("{written:?} was not expected"), at));
            }
        };
        self.at += 1;
        if self.take(&["("]) {
            return self.call(&word, at);
        }
        let (subject, kind, field) = match Field::ALL.iter().copied().find(|field| field.name() == word) {
            Some(field) => (Subject::Field(field), Type::of(field), Some(field)),
            None => match Layer::NAMES.iter().chain(&[FRAME]).find(|name| **name == word) {
                Some(name) => (Subject::Layer(name), Type::Layer, None),
                None => return Ok(Operand::Literal(at, false)),
            },
        };
        let (layers, number) = (self.layers()?, self.number_of(subject));
        self.reads[number] += 1;
        Ok(Operand::Entity(Entity::Subject(number, layers), kind, field))
    }

    fn number_of(&mut self, subject: Subject) -> usize {
        self.subjects.iter().position(|of| *of == subject).unwrap_or_else(|| {
            self.subjects.push(subject);
            self.reads.push(0);
            self.subjects.len() - 1
        })
    }

    /// `#2` or `#[1-2]`: of which layers of its protocol.
    fn layers(&mut self) -> Parsed<Vec<Span>> {
        if !self.take(&["#"]) {
            return Ok(Vec::new());
        }
        let spans = match self.peek() {
            Some(What::Word(digits)) => spans(digits, 1),
            Some(What::Bracket(inside)) => spans(inside, 1),
            _ => None,
        };
        let spans =
            spans.ok_or_else(|| self.mistake("which layer is meant looks like #2 or #[1-2]".to_owned(), self.at))?;
        self.at += 1;
        Ok(spans)
    }

    fn call(&mut self, name: &str, at: usize) -> Parsed<Operand> {
        let Some((_, function)) = Function::ALL.iter().find(|(known, _)| *known == name) else {
            let known: Vec<_> = Function::ALL.iter().map(|(name, _)| *name).collect();
            return Err(self.mistake(format!("there is no function {name:?}; known are {}", known.join(", ")), at));
        };
        let (mut arguments, mut kind) = (Vec::new(), None);
        loop {
            let argument_at = self.at;
            let operand = self.within(Self::operand)?;
            let (entity, of) = match (operand, kind) {
                (Operand::Entity(entity, of, _), _) => (entity, of),
                (literal, Some(of)) => (self.as_type(literal, of, None, argument_at)?, of),
                (literal, None) => (self.as_type(literal, Type::Number, None, argument_at)?, Type::Number),
            };
            kind = kind.or(Some(of));
            arguments.push(entity);
            if !self.take(&[","]) {
                break;
            }
        }
        self.expect(")", "a parenthesis is not closed")?;
        let kind = kind.unwrap_or(Type::Number);
        let takes = |is_fit: bool, what: &str| {
            let message = format!("{name} wants {what}, and this is {}", kind.name());
            if is_fit { Ok(()) } else { Err(self.mistake(message, at + 2)) }
        };
        let is_counted = matches!(kind, Type::Number | Type::Time);
        let gives = match function {
            Function::Length => takes(!is_counted, "text, bytes, an address or a layer").map(|()| Type::Number)?,
            Function::Count => Type::Number,
            Function::Upper | Function::Lower => takes(kind == Type::Text, "text").map(|()| Type::Text)?,
            Function::Text => {
                takes(kind != Type::Text && kind != Type::Layer, "what is no text").map(|()| Type::Text)?
            }
            Function::Max | Function::Min => kind,
            Function::Absolute => takes(is_counted, "a number").map(|()| kind)?,
        };
        let is_single = !matches!(function, Function::Max | Function::Min);
        if is_single && arguments.len() > 1 {
            return Err(self.mistake(format!("{name} takes one argument"), at));
        }
        Ok(Operand::Entity(Entity::Call(*function, arguments), gives, None))
    }

    /// What stands there, to be compared with what is of this type.
    fn as_type(&mut self, operand: Operand, kind: Type, field: Option<Field>, at: usize) -> Parsed<Entity> {
        let (number, is_negative) = match operand {
            Operand::Entity(entity, of, _) => {
                let is_counted = |of| matches!(of, Type::Number | Type::Time);
                // A protocol's name where a number is asked for that protocols have.
                if let (Type::Layer, Some(named)) = (of, literal(&self.tokens[at].what, kind, field)) {
                    if kind == Type::Number {
                        return Ok(Entity::Literal(named));
                    }
                }
                if is_counted(kind) != is_counted(of) {
                    let message = format!("{} and {} cannot be compared", kind.name(), of.name());
                    return Err(self.mistake(message, at));
                }
                return Ok(entity);
            }
            Operand::Literal(number, is_negative) => (number, is_negative),
        };
        let literal = literal(&self.tokens[number].what, kind, field);
        let literal = match (literal, is_negative) {
            (Some(Value::Number(value)), true) => Some(Value::Number(-value)),
            (Some(Value::Time(value)), true) => Some(Value::Time(-value)),
            (_, true) => None,
            (literal, false) => literal,
        };
        if let (Some(Value::Number(value)), Some(field)) = (&literal, field) {
            if let Some(most) = field.max().filter(|most| *value > i128::from(*most)) {
                return Err(self.mistake(format!("{} is at most {most}, and this is {value}", field.name()), number));
            }
        }
        literal.map(Entity::Literal).ok_or_else(|| {
            let written = self.written(&self.tokens[number]);
            let of = field.map_or_else(String::new, |field| format!(", as {} is", field.name()));
            let what = match (kind, field.is_some_and(|field| field.meaning(0).is_some())) {
                (Type::Number, true) => "a number or the name of one",
                _ => kind.name(),
            };
            let quoted = if written.starts_with(['"', '\'']) { written.to_owned() } else { format!("{written:?}") };
            self.mistake(format!("{quoted} is not {what}{of}"), number)
        })
    }

    /// What comes, if it is of a kind that has to be in quotes, or of which another field has to be asked: a date, somebody's name.
    fn unquoted(&self, kind: Type, field: Option<Field>) -> Parsed<()> {
        let Some(token) = self.tokens.get(self.at).filter(|token| matches!(token.what, What::Word(_))) else {
            return Ok(());
        };
        let rest = self.text.get(token.start..).unwrap_or_default();
        let mistake = |message: String, len: usize| Err(Mistake::new(message, token.start, token.start + len));
        match kind {
            Type::Date => {
                let Some(date) = mistake::date(rest) else { return Ok(()) };
                mistake(format!("a date stands in quotes: \"{date}\""), date.len())
            }
            Type::Ipv4 | Type::Ipv6 => {
                let Some(name) = mistake::name(rest).filter(|_| !self.is_known(token)) else { return Ok(()) };
                let of = field.map_or_else(String::new, |field| format!(", as {} is", field.name()));
                let test = match field.map_or("", |field| field.name().rsplit('.').next().unwrap_or_default()) {
                    "src" => format!("src.name == \"{name}\""),
                    "dst" => format!("dst.name == \"{name}\""),
                    _ => format!("src.name == \"{name}\" or dst.name == \"{name}\""),
                };
                mistake(format!("{name:?} is not {}{of}; names are asked for with {test}", kind.name()), name.len())
            }
            _ => Ok(()),
        }
    }

    /// Whether a word is a field, a layer or a function.
    fn is_known(&self, token: &Token) -> bool {
        let word = self.written(token);
        Field::ALL.iter().any(|field| field.name() == word)
            || Layer::NAMES.contains(&word)
            || Function::ALL.iter().any(|(name, _)| *name == word)
    }

    /// What was meant to be a field.
    fn unknown(&self, at: usize) -> Mistake {
        let name = self.tokens.get(at).map_or("", |token| self.written(token));
        if let Some((protocol, test)) = undecoded::protocol(name) {
            let message = format!("{protocol} is not decoded here; its packets are those of {test}, as a rule");
            return self.mistake(message, at);
        }
        let names = || Field::ALL.iter().map(|field| field.name()).chain(Layer::NAMES.iter().copied());
        let otherwise = undecoded::otherwise(name).filter(|otherwise| names().any(|name| name == otherwise));
        let meant = otherwise.as_deref().or_else(|| names::near(name, names()));
        let meant = meant.map_or_else(String::new, |near| format!("; is {near:?} meant?"));
        self.mistake(format!("there is no field {name:?}{meant}"), at)
    }
}

/// A text as a pattern of bytes: what is no character stands for itself.
fn pattern_of(text: &[u8]) -> String {
    let mut pattern = String::new();
    for chunk in text.utf8_chunks() {
        pattern.push_str(chunk.valid());
        chunk.invalid().iter().for_each(|byte| pattern.push_str(&format!("\\x{byte:02x}")));
    }
    pattern
}

/// A literal of a type. Where bytes are asked for, a text in quotes is its bytes.
fn literal(what: &What, kind: Type, field: Option<Field>) -> Option<Value> {
    match (what, kind) {
        (What::Character(character), Type::Number) => Some(Value::Number((*character).into())),
        (What::Character(character), Type::Bytes | Type::Layer) => Some(Value::Bytes(vec![*character])),
        (What::Character(character), Type::Text) => Some(Value::Text(vec![*character])),
        (What::Text(text), Type::Bytes | Type::Layer) => Some(Value::Bytes(text.clone())),
        (What::Text(text), Type::Text) => Some(Value::Text(text.clone())),
        (What::Text(text), _) => of_word(std::str::from_utf8(text).ok()?, kind, field),
        (What::Word(word), _) => of_word(word, kind, field),
        _ => None,
    }
}

fn of_word(word: &str, kind: Type, field: Option<Field>) -> Option<Value> {
    match kind {
        Type::Number => number(word, field).map(Value::Number),
        Type::Time => value::time(word).map(Value::Time),
        Type::Date => value::time(word).or_else(|| clock::parse(word)).map(Value::Time),
        Type::Mac => match value::bytes(word)?[..] {
            [a, b, c, d, e, f] => Some(Value::Mac(MacAddr([a, b, c, d, e, f]))),
            _ => None,
        },
        Type::Ipv4 => value::network(word, 32).map(|(address, bits)| Value::Ipv4(address, bits)),
        Type::Ipv6 => value::network(word, 128).map(|(address, bits)| Value::Ipv6(address, bits)),
        Type::Bytes | Type::Layer => value::bytes(word).map(Value::Bytes),
        Type::Text => Some(Value::Text(word.as_bytes().to_vec())),
    }
}

/// A number, or what one is called.
fn number(word: &str, field: Option<Field>) -> Option<i128> {
    let named = || {
        let field = field?;
        let mut numbers = 0..=u64::from(u16::MAX);
        // As Wireshark says of BGP's, "UPDATE Message".
        let words = [word, word.strip_suffix(" Message").unwrap_or(word)];
        let is_it = |number: &u64| {
            let name = field.meaning(*number);
            name.is_some_and(|name| words.iter().any(|word| name.eq_ignore_ascii_case(word)))
        };
        numbers.find(is_it).map(i128::from)
    };
    let truth = || match word.to_ascii_lowercase().as_str() {
        "true" => Some(1),
        "false" => Some(0),
        _ => None,
    };
    value::number(word).or_else(truth).or_else(named)
}

/// `3`, `0:3`, `0-2`, `:3`, `3:`, and several with commas. What is counted begins with `first`.
fn spans(text: &str, first: i64) -> Option<Vec<Span>> {
    let number = |text: &str| {
        let (is_negative, digits) = text.strip_prefix('-').map_or((false, text), |digits| (true, digits));
        let number = i64::try_from(value::number(digits.trim())?).ok()?;
        Some(if is_negative { -number } else { number })
    };
    // What is counted from the front is counted from 0 from here on.
    let start = |text: &str| number(text).map(|start| if start < 0 { start } else { start - first });
    let span = |part: &str| {
        if let Some((from, len)) = part.split_once(':') {
            let (from, len) = (from.trim(), len.trim());
            let start = if from.is_empty() { 0 } else { start(from)? };
            let len = if len.is_empty() { None } else { Some(number(len).filter(|len| *len > 0)?) };
            return Some(Span { start, len });
        }
        // A hyphen at the beginning is a sign.
        let hyphen = part.char_indices().skip(1).find(|(_, c)| *c == '-').map(|(at, _)| at);
        match hyphen {
            Some(at) => {
                let (from, to) = (start(part[..at].trim())?, start(part[at + 1..].trim())?);
                (from >= 0 && from <= to).then_some(Span { start: from, len: Some(to - from + 1) })
            }
            None => start(part).map(|start| Span { start, len: Some(1) }),
        }
    };
    text.split(',').map(|part| span(part.trim())).collect()
}
