//! A backup archive: named parts in sealed chunks, so that nothing is in clear and nothing can be changed, left out,
//! reordered or cut off unnoticed. Chunk `i` is sealed under "archive, i"; the first byte of each says what it is.
//! Leaves what goes into an archive to `backup` and `restore`.

use std::fs::File;
use std::io::{BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail, ensure};
use tsunagari_kernel::Chance;
use tsunagari_storage::Key;

use crate::file_error::AtFile;

const MAGIC: &[u8; 12] = b"TSUNAGARI-1\n";
const CHUNK: usize = 4 * 1024 * 1024;
const NAME: u8 = 1;
const DATA: u8 = 2;
const END: u8 = 3;

fn context(stamp: &[u8; 16], index: u64) -> Vec<u8> {
    [b"archive".as_slice(), stamp, &index.to_be_bytes()].concat()
}

/// Writes an archive.
pub struct Writer<'k> {
    file: PathBuf,
    out: BufWriter<File>,
    key: &'k Key,
    chance: &'k Chance,
    stamp: [u8; 16],
    index: u64,
}

impl<'k> Writer<'k> {
    /// Begins one; the file must not be there yet.
    pub fn begin(file: &Path, key: &'k Key, chance: &'k Chance) -> anyhow::Result<Self> {
        let out = private_file(file)?;
        let out = BufWriter::new(out);
        let mut writer = Self { file: file.to_owned(), out, key, chance, stamp: chance.bytes(), index: 0 };
        let stamp = writer.stamp;
        writer.put(MAGIC)?;
        writer.put(&stamp)?;
        Ok(writer)
    }

    fn put(&mut self, bytes: &[u8]) -> anyhow::Result<()> {
        self.out.write_all(bytes).at("write", &self.file)
    }

    fn chunk(&mut self, kind: u8, body: &[u8]) -> anyhow::Result<()> {
        let plain = [&[kind], body].concat();
        let sealed = self.key.seal(self.chance, &context(&self.stamp, self.index), &plain)?;
        self.put(&u32::try_from(sealed.len())?.to_be_bytes())?;
        self.put(&sealed)?;
        self.index += 1;
        Ok(())
    }

    /// Adds a file under a name.
    pub fn add(&mut self, name: &str, file: &Path) -> anyhow::Result<()> {
        let mut from = BufReader::new(File::open(file).at("read", file)?);
        self.chunk(NAME, name.as_bytes())?;
        let mut buffer = vec![0; CHUNK];
        loop {
            let n = from.read(&mut buffer).at("read", file)?;
            if n == 0 {
                return Ok(());
            }
            self.chunk(DATA, buffer.get(..n).unwrap_or_default())?;
        }
    }

    /// Ends it; only then is it whole.
    pub fn end(mut self) -> anyhow::Result<()> {
        self.chunk(END, &[])?;
        self.out.flush().at("write", &self.file)?;
        self.out.get_ref().sync_all().at("write", &self.file)
    }
}

/// A file that was not there and that nobody else on the machine can read: what goes in and comes out is personal.
fn private_file(path: &Path) -> anyhow::Result<File> {
    let mut options = File::options();
    options.create_new(true).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).at("make", path)
}

/// Reads an archive whole, writing its parts below a directory, or nowhere to only verify. The names of the parts.
///
/// # Errors
/// Another key, or anything changed, missing or cut off: nothing of it should be used then.
pub fn read(file: &Path, key: &Key, to: Option<&Path>) -> anyhow::Result<Vec<String>> {
    let mut from = BufReader::new(File::open(file).at("read", file)?);
    let (mut magic, mut stamp) = ([0; 12], [0; 16]);
    whole(from.read_exact(&mut magic), file, "this is no archive of this program")?;
    ensure!(&magic == MAGIC, "this is no archive of this program");
    whole(from.read_exact(&mut stamp), file, CUT_OFF)?;
    let (mut names, mut open): (Vec<String>, Option<(PathBuf, BufWriter<File>)>) = (Vec::new(), None);
    for index in 0_u64.. {
        let mut length = [0; 4];
        whole(from.read_exact(&mut length), file, CUT_OFF)?;
        let length = usize::try_from(u32::from_be_bytes(length))?;
        ensure!(length <= CHUNK + 1024, "the archive is damaged");
        let mut sealed = vec![0; length];
        whole(from.read_exact(&mut sealed), file, CUT_OFF)?;
        let plain = key
            .open(&context(&stamp, index), &sealed)
            .map_err(|_| anyhow::anyhow!("the archive is damaged, or the key is another one"))?;
        let (kind, body) = plain.split_first().context("the archive is damaged")?;
        match *kind {
            NAME => {
                finish(open.take())?;
                let name = String::from_utf8(body.to_vec()).context("the archive is damaged")?;
                open = to.map(|to| part(to, &name)).transpose()?;
                names.push(name);
            }
            DATA => {
                if let Some((path, out)) = &mut open {
                    out.write_all(body).at("write", path)?;
                }
            }
            END => break,
            _ => bail!("the archive was made by a newer program"),
        }
    }
    finish(open)?;
    ensure!(from.read(&mut [0]).at("read", file)? == 0, "something follows the archive's end");
    Ok(names)
}

const CUT_OFF: &str = "the archive is cut off: it was not copied to its end; copy it again, or take another";

/// A file that ends too early, in words of what that means; any other failure at the file.
fn whole(read: std::io::Result<()>, file: &Path, ended: &'static str) -> anyhow::Result<()> {
    match read {
        Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => bail!(ended),
        read => read.at("read", file),
    }
}

fn finish(open: Option<(PathBuf, BufWriter<File>)>) -> anyhow::Result<()> {
    let Some((path, mut open)) = open else { return Ok(()) };
    open.flush().at("write", &path)?;
    open.get_ref().sync_all().at("write", &path)
}

fn part(to: &Path, name: &str) -> anyhow::Result<(PathBuf, BufWriter<File>)> {
    let relative = PathBuf::from(name);
    ensure!(
        relative.components().all(|it| matches!(it, std::path::Component::Normal(_))),
        "the archive names a path outside"
    );
    let path = to.join(relative);
    let above = path.parent().unwrap_or(to);
    std::fs::create_dir_all(above).at("make", above)?;
    let out = BufWriter::new(private_file(&path)?);
    Ok((path, out))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(dir: &Path, bytes: usize) -> (PathBuf, Key) {
        let (key, chance) = (Key::new([5; 32]), Chance::seeded(1));
        std::fs::write(dir.join("plain"), vec![b'x'; bytes]).unwrap();
        let file = dir.join("archive");
        let mut writer = Writer::begin(&file, &key, &chance).unwrap();
        writer.add("files/plain", &dir.join("plain")).unwrap();
        writer.end().unwrap();
        (file, key)
    }

    #[test]
    fn what_went_in_comes_out() {
        let dir = tempfile::tempdir().unwrap();
        let (file, key) = made(dir.path(), 100_000);
        assert_eq!(read(&file, &key, Some(&dir.path().join("out"))).unwrap(), ["files/plain"]);
        assert_eq!(std::fs::read(dir.path().join("out/files/plain")).unwrap(), vec![b'x'; 100_000]);
    }

    /// Every byte of a small archive once, and cut at every place: nothing of it may be taken for whole. The long run has
    /// `TSUNAGARI_ARCHIVES` damaged ones of a large archive at places of chance.
    #[test]
    fn soak_damaged_archives() {
        let dir = tempfile::tempdir().unwrap();
        let (file, key) = made(dir.path(), 1_000);
        let whole = std::fs::read(&file).unwrap();
        let damaged = dir.path().join("damaged");
        let refused = |bytes: &[u8]| {
            std::fs::write(&damaged, bytes).unwrap();
            read(&damaged, &key, None).is_err()
        };
        for at in 0..whole.len() {
            for bit in [0x01, 0x80] {
                let mut bytes = whole.clone();
                bytes[at] ^= bit;
                assert!(refused(&bytes), "byte {at} changed");
            }
            assert!(refused(&whole[..at]), "cut at {at}");
        }
        let mut longer = whole.clone();
        longer.push(0);
        assert!(refused(&longer), "something follows");
        assert!(!refused(&whole), "and the whole one is not refused");
        assert!(read(&file, &Key::new([6; 32]), None).is_err(), "another key");
        let rounds = std::env::var("TSUNAGARI_ARCHIVES").ok().and_then(|it| it.parse().ok()).unwrap_or(30);
        long_run(rounds);
    }

    fn long_run(rounds: u64) {
        let dir = tempfile::tempdir().unwrap();
        let (file, key) = made(dir.path(), 6 * 1024 * 1024);
        let (whole, chance) = (std::fs::read(&file).unwrap(), Chance::seeded(3));
        let damaged = dir.path().join("damaged");
        for round in 0..rounds {
            let mut bytes = whole.clone();
            let at = usize::try_from(chance.below(bytes.len() as u64)).unwrap();
            let how = match round % 3 {
                0 => {
                    bytes[at] ^= 1 << chance.below(8);
                    "a bit changed"
                }
                1 => {
                    bytes.truncate(at);
                    "cut"
                }
                _ => {
                    let to = (at + 1 + usize::try_from(chance.below(1 << 20)).unwrap()).min(bytes.len());
                    let twice = bytes[at..to].to_vec();
                    bytes.splice(to..to, twice);
                    "some of it twice"
                }
            };
            std::fs::write(&damaged, &bytes).unwrap();
            assert!(read(&damaged, &key, None).is_err(), "{how} at {at}");
        }
        std::fs::write(&damaged, &whole).unwrap();
        assert!(read(&damaged, &key, None).is_ok(), "the control: the whole one is read");
        println!("soak: {rounds} damaged archives, all refused");
    }

    #[test]
    fn chunks_cannot_change_places() {
        let dir = tempfile::tempdir().unwrap();
        let (file, key) = made(dir.path(), 2 * CHUNK);
        let whole = std::fs::read(&file).unwrap();
        // Two full chunks of data follow each other; both are sound by themselves.
        let length = |at: usize| 4 + u32::from_be_bytes(whole[at..at + 4].try_into().unwrap()) as usize;
        let name = MAGIC.len() + 16;
        let first = name + length(name);
        let second = first + length(first);
        let end = second + length(second);
        assert_eq!(second - first, end - second);
        let swapped = [&whole[..first], &whole[second..end], &whole[first..second], &whole[end..]].concat();
        std::fs::write(dir.path().join("swapped"), swapped).unwrap();
        assert!(read(&dir.path().join("swapped"), &key, None).is_err());
        let left_out = [&whole[..first], &whole[second..]].concat();
        std::fs::write(dir.path().join("left-out"), left_out).unwrap();
        assert!(read(&dir.path().join("left-out"), &key, None).is_err());
    }
}
