//! The rule language: one tree with a canonical text (`ast`, `lex`, `parse`, `print`), checked against a catalogue of
//! facts (`fact`, `catalogue`, `check`), evaluated with three truths (`eval`), explained in words (`explain`,
//! `describe`, `phrase`), shown by examples (`example`) and built by clicking (`clauses`). It decides eligibility, selects audiences and defines
//! figures. Leaves the facts to the domain crates, SQL to storage, and the words to the locale files.

pub mod arbitrary;
mod asked;
pub mod ast;
pub mod catalogue;
mod check;
pub mod clauses;
mod conjuncts;
mod describe;
pub mod error;
pub mod eval;
mod example;
pub mod explain;
pub mod fact;
mod lex;
pub mod limits;
mod parse;
pub mod phrase;
mod print;
pub mod value;

pub use ast::{Checked, Comparison, Expr, Op, Parsed, Rule, Test};
pub use catalogue::Catalogue;
pub use clauses::{Clause, ClauseError, Clauses, Group};
pub use error::{ErrorCode, Position, RuleError};
pub use eval::{Known, Verdict, eval};
pub use explain::{Because, Explanation, Line, Need, Sense, explain};
pub use fact::{Codes, FactCall, FactDef, FactKind, ParamDef, ParamKind};
pub use phrase::{Phrase, PhraseArg, Said, Words};
pub use value::{Day, Facts, Operand, Span, Value};

#[cfg(test)]
mod tests;
