//! Tokens into `Rule<Parsed>`. Grammar: `or` of `and` of `not`, parentheses, `everyone` or one condition
//! (`fact`, `fact(args)`, each with an optional operator). Leaves names, kinds and ranges to `check`.

use std::str::FromStr;

use crate::ast::{Expr, Literal, Op, Parsed, Placed, RawTest, Rule};
use crate::error::{ErrorCode, RuleError};
use crate::lex::{self, KEYWORDS, Token};
use crate::limits;
use crate::value::{Day, Span};

impl Rule<Parsed> {
    /// Reads a rule's text.
    ///
    /// # Errors
    /// The first place at which the text is no rule. Empty text is an error, never everyone.
    pub fn parse(text: &str) -> Result<Self, RuleError> {
        let tokens = lex::tokens(text)?;
        let mut parser = Parser { tokens, next: 0, nodes: 0 };
        if parser.peek() == &Token::End {
            return Err(parser.refuse(ErrorCode::Empty).expecting(["everyone"]));
        }
        let expr = parser.any(0)?;
        if parser.peek() != &Token::End {
            return Err(parser.unexpected(&["and", "or"]));
        }
        Ok(Self { expr })
    }
}

impl FromStr for Rule<Parsed> {
    type Err = RuleError;

    fn from_str(text: &str) -> Result<Self, RuleError> {
        Self::parse(text)
    }
}

/// Reads a single literal, as a form posts it.
pub(crate) fn literal(text: &str) -> Result<Literal, RuleError> {
    let mut parser = Parser { tokens: lex::tokens(text)?, next: 0, nodes: 0 };
    let literal = parser.literal()?;
    if parser.peek() != &Token::End {
        return Err(parser.unexpected(&[]));
    }
    Ok(literal.it)
}

type Parse<T> = Result<T, RuleError>;
type RawOp = Op<Placed<Literal>>;

struct Parser {
    tokens: Vec<Placed<Token>>,
    next: usize,
    nodes: usize,
}

const END: Token = Token::End;

impl Parser {
    fn peek(&self) -> &Token {
        self.tokens.get(self.next).map_or(&END, |token| &token.it)
    }

    fn after(&self) -> &Token {
        self.tokens.get(self.next + 1).map_or(&END, |token| &token.it)
    }

    fn at(&self) -> crate::error::Position {
        self.tokens.get(self.next).or(self.tokens.last()).map(|token| token.at).unwrap_or_default()
    }

    fn bump(&mut self) {
        self.next += 1;
    }

    fn sees(&self, word: &str) -> bool {
        matches!(self.peek(), Token::Word(found) if found == word)
    }

    fn eats(&mut self, word: &str) -> bool {
        let seen = self.sees(word);
        if seen {
            self.bump();
        }
        seen
    }

    fn refuse(&self, code: ErrorCode) -> RuleError {
        RuleError::new(code, self.at(), spelled(self.peek()))
    }

    fn unexpected(&self, expected: &[&str]) -> RuleError {
        let words = expected.iter().copied().chain(KEYWORDS);
        let code = if self.peek() == &Token::End { ErrorCode::Unfinished } else { ErrorCode::Unexpected };
        let error = self.refuse(code).expecting(expected.iter().copied());
        if matches!(self.peek(), Token::Word(word) if !KEYWORDS.contains(&word.as_str())) {
            error.suggesting(words.filter(|word| word.len() > 1))
        } else {
            error
        }
    }

    fn count(&mut self) -> Parse<()> {
        self.nodes += 1;
        if self.nodes > limits::NODES {
            return Err(self.refuse(ErrorCode::TooManyConditions).expecting([limits::NODES.to_string()]));
        }
        Ok(())
    }

    fn any(&mut self, depth: usize) -> Parse<Expr<RawTest>> {
        let mut parts = vec![self.all(depth)?];
        while self.eats("or") {
            parts.push(self.all(depth)?);
        }
        Expr::any(parts).ok_or_else(|| self.refuse(ErrorCode::Empty))
    }

    fn all(&mut self, depth: usize) -> Parse<Expr<RawTest>> {
        let mut parts = vec![self.single(depth)?];
        while self.eats("and") {
            parts.push(self.single(depth)?);
        }
        Expr::all(parts).ok_or_else(|| self.refuse(ErrorCode::Empty))
    }

    fn single(&mut self, depth: usize) -> Parse<Expr<RawTest>> {
        self.count()?;
        if depth > limits::DEPTH {
            return Err(self.refuse(ErrorCode::TooDeep).expecting([limits::DEPTH.to_string()]));
        }
        if self.eats("not") {
            return Ok(self.single(depth + 1)?.negated());
        }
        if self.eats("everyone") {
            return Ok(Expr::Everyone);
        }
        if self.peek() == &Token::Open {
            self.bump();
            let inner = self.any(depth + 1)?;
            self.close()?;
            return Ok(inner);
        }
        self.test().map(Expr::Test)
    }

    fn close(&mut self) -> Parse<()> {
        if self.peek() != &Token::Close {
            return Err(self.unexpected(&[")"]));
        }
        self.bump();
        Ok(())
    }

    fn test(&mut self) -> Parse<RawTest> {
        let at = self.at();
        let name = match self.peek() {
            Token::Word(word) if !KEYWORDS.contains(&word.as_str()) => word.clone(),
            _ => return Err(self.unexpected(&["fact", "not", "(", "everyone"])),
        };
        self.bump();
        let args = if self.peek() == &Token::Open { self.list()? } else { Vec::new() };
        let op_at = self.at();
        let op = self.op()?;
        // A bare truth fact has no operator of its own: its fault, if any, is the fact's.
        let op_at = if op == Op::Holds { at } else { op_at };
        Ok(RawTest { fact: Placed { it: name, at }, args, op: Placed { it: op, at: op_at } })
    }

    fn op(&mut self) -> Parse<RawOp> {
        if let Token::Compare(comparison) = *self.peek() {
            self.bump();
            return Ok(Op::Compare(comparison, self.literal()?));
        }
        if self.eats("between") {
            let low = self.literal()?;
            if !self.eats("and") {
                return Err(self.unexpected(&["and"]));
            }
            return Ok(Op::Between(low, self.literal()?));
        }
        if self.eats("in") {
            return Ok(Op::In(self.list()?));
        }
        if self.eats("not") {
            if !self.eats("in") {
                return Err(self.unexpected(&["in"]));
            }
            return Ok(Op::NotIn(self.list()?));
        }
        if self.eats("has") {
            if self.eats("any") {
                return Ok(Op::HasAny(self.list()?));
            }
            if self.eats("all") {
                return Ok(Op::HasAll(self.list()?));
            }
            return Ok(Op::Has(self.literal()?));
        }
        if self.eats("is") {
            if self.eats("known") {
                return Ok(Op::IsKnown);
            }
            if self.eats("unknown") {
                return Ok(Op::IsUnknown);
            }
            return Err(self.unexpected(&["known", "unknown"]));
        }
        Ok(Op::Holds)
    }

    fn list(&mut self) -> Parse<Vec<Placed<Literal>>> {
        if self.peek() != &Token::Open {
            return Err(self.unexpected(&["("]));
        }
        self.bump();
        let mut out = vec![self.literal()?];
        while self.peek() == &Token::Comma {
            if out.len() >= limits::LIST {
                return Err(self.refuse(ErrorCode::ListTooLong).expecting([limits::LIST.to_string()]));
            }
            self.bump();
            out.push(self.literal()?);
        }
        if self.peek() != &Token::Close {
            return Err(self.unexpected(&[",", ")"]));
        }
        self.bump();
        Ok(out)
    }

    fn literal(&mut self) -> Parse<Placed<Literal>> {
        let at = self.at();
        let it = match self.peek().clone() {
            Token::Digits(digits) => Literal::Digits(digits),
            Token::Day(day) => Literal::Day(Day::On(day)),
            Token::Text(text) => Literal::Text(text),
            Token::Minus => match self.after().clone() {
                Token::Digits(digits) => {
                    self.bump();
                    Literal::Digits(format!("-{digits}"))
                }
                _ => return Err(self.unexpected(&["value"])),
            },
            Token::Word(word) if word == "today" => {
                self.bump();
                return Ok(Placed { it: Literal::Day(self.relative()?), at });
            }
            Token::Word(word) if !KEYWORDS.contains(&word.as_str()) => Literal::Word(word),
            _ => return Err(self.unexpected(&["value"])),
        };
        self.bump();
        Ok(Placed { it, at })
    }

    /// What follows `today`: nothing, or a sign, a number and a unit.
    fn relative(&mut self) -> Parse<Day> {
        let sign = match self.peek() {
            Token::Plus => 1,
            Token::Minus => -1,
            _ => return Ok(Day::Today { amount: 0, span: Span::Days }),
        };
        self.bump();
        let Token::Digits(digits) = self.peek() else { return Err(self.unexpected(&["number"])) };
        let amount = digits.parse::<i32>().ok().filter(|n| *n <= limits::RELATIVE);
        let Some(amount) = amount else {
            return Err(self.refuse(ErrorCode::OutOfRange).expecting([limits::RELATIVE.to_string()]));
        };
        self.bump();
        let span = if self.eats("days") || self.eats("day") {
            Span::Days
        } else if self.eats("months") || self.eats("month") {
            Span::Months
        } else if self.eats("years") || self.eats("year") {
            Span::Years
        } else {
            return Err(self.unexpected(&["days", "months", "years"]));
        };
        let span = if amount == 0 { Span::Days } else { span };
        Ok(Day::Today { amount: sign * amount, span })
    }
}

fn spelled(token: &Token) -> String {
    match token {
        Token::Word(text) | Token::Digits(text) => text.clone(),
        Token::Day(day) => day.to_string(),
        Token::Text(text) => format!("\"{text}\""),
        Token::Compare(comparison) => comparison.sign().to_owned(),
        Token::Open => "(".to_owned(),
        Token::Close => ")".to_owned(),
        Token::Comma => ",".to_owned(),
        Token::Plus => "+".to_owned(),
        Token::Minus => "-".to_owned(),
        Token::End => String::new(),
    }
}
