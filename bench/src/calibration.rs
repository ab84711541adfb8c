//! What the machine can do, measured before everything else and printed with every table: numbers of two machines can
//! only be compared beside these. Leaves judging to the reader.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::Result;
use sha2::{Digest, Sha256};

use crate::table::Figure;

/// How long each is measured.
const LONG: Duration = Duration::from_secs(1);
const BLOCK: usize = 4_096;

/// The rows, measured in the directory the databases will lie in.
///
/// # Errors
/// The directory cannot be written.
pub fn calibrate(dir: &Path) -> Result<Vec<Figure>> {
    let cores = std::thread::available_parallelism()?;
    Ok(vec![
        Figure::fact("calibration: cores", cores.to_string()),
        Figure::fact("calibration: one core", format!("{:.0} MB/s of SHA-256", hashing())),
        Figure::fact("calibration: write and fsync of 4 KiB in the data directory", format!("{:.0}/s", syncing(dir)?)),
        Figure::fact("calibration: round trips over loopback, one connection", format!("{:.0}/s", pinging()?)),
    ])
}

fn hashing() -> f64 {
    let block = vec![7_u8; 1 << 20];
    let (begin, mut hash, mut megabytes) = (Instant::now(), Sha256::new(), 0.0);
    while begin.elapsed() < LONG {
        hash.update(&block);
        megabytes += 1.0;
    }
    let _ = std::hint::black_box(hash.finalize());
    megabytes / begin.elapsed().as_secs_f64()
}

fn syncing(dir: &Path) -> Result<f64> {
    let mut file: File = tempfile::tempfile_in(dir)?;
    let block = [7_u8; BLOCK];
    // The file keeps its length, as a write-ahead log does between checkpoints.
    for _ in 0..64 {
        file.write_all(&block)?;
    }
    file.sync_all()?;
    let (begin, mut n) = (Instant::now(), 0_u64);
    while begin.elapsed() < LONG {
        file.seek(SeekFrom::Start(n % 64 * BLOCK as u64))?;
        file.write_all(&block)?;
        file.sync_data()?;
        n += 1;
    }
    Ok(n as f64 / begin.elapsed().as_secs_f64())
}

fn pinging() -> Result<f64> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let address = listener.local_addr()?;
    let echo = std::thread::spawn(move || -> std::io::Result<()> {
        let (mut peer, _) = listener.accept()?;
        peer.set_nodelay(true)?;
        let mut byte = [0_u8];
        while peer.read(&mut byte)? > 0 {
            peer.write_all(&byte)?;
        }
        Ok(())
    });
    let mut stream = TcpStream::connect(address)?;
    stream.set_nodelay(true)?;
    let (begin, mut n, mut byte) = (Instant::now(), 0_u64, [1_u8]);
    while begin.elapsed() < LONG {
        stream.write_all(&byte)?;
        stream.read_exact(&mut byte)?;
        n += 1;
    }
    drop(stream);
    // An echo that ended badly has nothing to say about the rate.
    let _ = echo.join();
    Ok(n as f64 / begin.elapsed().as_secs_f64())
}
