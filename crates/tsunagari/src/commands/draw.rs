//! `draw`: computes a draw again from its frozen list and its key, so that whoever has both can check it. Needs no
//! installation. Leaves the method to programmes.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, ensure};
use clap::{Args, Subcommand};
use serde::Serialize;
use tsunagari_programmes::draw::{Key, list_hash, read_list, read_numbers, sequence};

/// Check a draw: compute its sequence again from the frozen list and the key.
#[derive(Args)]
#[command(after_help = "Examples:
  tsunagari draw verify entrants.tsv --hash 5f0c… --numbers 9319 --numbers 2,5,12,8,10 --places 30
  tsunagari draw verify entrants.tsv --hash 5f0c… --seed 91ab… --commitment 77d0… --places 30

The list has a line for each who takes part: receipt number, class, tickets and unit, separated by tabs. The numbers are those
of the public draws in the order in which they were named beforehand (RFC 3797).")]
pub struct DrawCommand {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Compute it again, and say whether list and seed are those told beforehand.
    Verify(Verify),
}

#[derive(Args)]
struct Verify {
    /// The frozen list.
    list: PathBuf,
    /// The SHA-256 of the list that was told when it was frozen.
    #[arg(long)]
    hash: String,
    /// The numbers of one public draw, separated by commas; once for each, in their order.
    #[arg(long, required_unless_present = "seed", conflicts_with = "seed")]
    numbers: Vec<String>,
    /// The seed, in hexadecimal.
    #[arg(long, requires = "commitment")]
    seed: Option<String>,
    /// The SHA-256 of the seed that was told beforehand.
    #[arg(long, requires = "seed")]
    commitment: Option<String>,
    /// How many of the sequence are printed; all of it without.
    #[arg(long)]
    places: Option<usize>,
    /// As JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Answer {
    entrants: usize,
    list_hash: String,
    key: String,
    drawn: Vec<String>,
}

impl DrawCommand {
    /// Does it.
    ///
    /// # Errors
    /// A list that cannot be read, or that is not the one that was frozen; a seed that is not the one committed to.
    pub fn run(self) -> anyhow::Result<ExitCode> {
        match self.what {
            What::Verify(it) => it.run(),
        }
    }
}

impl Verify {
    fn run(self) -> anyhow::Result<ExitCode> {
        let text = std::fs::read_to_string(&self.list)
            .with_context(|| format!("{} cannot be read as text", self.list.display()))?;
        let entrants = read_list(&text).map_err(|line| {
            anyhow::anyhow!("line {line} of the list is not receipt, class, tickets and unit, separated by tabs")
        })?;
        let hash = list_hash(&entrants);
        ensure!(
            hash.eq_ignore_ascii_case(self.hash.trim()),
            "this is not the list that was frozen: its SHA-256 is {hash}; take the list as it was published"
        );
        let key = self.key()?;
        let drawn = sequence(&entrants, &key).into_iter().take(self.places.unwrap_or(usize::MAX));
        let drawn = drawn.filter_map(|place| Some(entrants.get(place)?.receipt.clone())).collect();
        let answer = Answer { entrants: entrants.len(), list_hash: hash, key: key.text(), drawn };
        if self.json {
            println!("{}", serde_json::to_string_pretty(&answer)?);
        } else {
            println!("{} take part; list SHA-256 {}; key {}", answer.entrants, answer.list_hash, answer.key);
            for (rank, receipt) in (1..).zip(&answer.drawn) {
                println!("{rank}\t{receipt}");
            }
        }
        Ok(ExitCode::SUCCESS)
    }

    fn key(&self) -> anyhow::Result<Key> {
        if let (Some(seed), Some(told)) = (&self.seed, &self.commitment) {
            let commitment = Key::commitment(seed);
            ensure!(
                commitment.eq_ignore_ascii_case(told.trim()),
                "this is not the seed that was committed to: its SHA-256 is {commitment}"
            );
            return Ok(Key::Seed { seed: seed.clone() });
        }
        let source =
            |text: &String| read_numbers(text).with_context(|| format!("`{text}` is not numbers with commas between"));
        Ok(Key::Public { sources: self.numbers.iter().map(source).collect::<anyhow::Result<_>>()? })
    }
}
