//! The town of a test as an installation that the program itself can be started on: settings, keys, a serving process.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};

use tsunagari_storage::Location;
use tsunagari_testkit::Town;

/// Writes the settings of a process on the town's own database and directory.
pub fn settings(town: &Town) -> PathBuf {
    let dir = town.db.dir.path();
    std::fs::create_dir_all(dir.join("keys")).unwrap();
    std::fs::write(dir.join("keys").join("wrapping.key"), [7; 32]).unwrap();
    // A test's database keeps the person keys beside it, an installation in `keys/`: the same file under both names.
    let keys = dir.join("keys").join("persons.db");
    if std::fs::symlink_metadata(&keys).is_err() {
        std::os::unix::fs::symlink(dir.join("persons.db"), keys).unwrap();
    }
    let mut text = format!("data_dir = \"{}\"\nlisten = \"127.0.0.1:0\"\n[log]\nformat = \"json\"\n", dir.display());
    // The mailbox of a test is on this machine.
    text.push_str("[mail]\ninner_hosts = [\"127.0.0.1\", \"localhost\"]\n");
    if let (Location::Server(url), Location::Server(owner)) = (&town.db.location, &town.db.owner) {
        std::fs::write(dir.join("url"), url).unwrap();
        std::fs::write(dir.join("owner-url"), owner).unwrap();
        let path = dir.display();
        text.push_str(&format!(
            "[database]\nurl_file = \"{path}/url\"\nowner_url_file = \"{path}/owner-url\"\n\
             backup_url_file = \"{path}/owner-url\"\n"
        ));
    }
    let file = dir.join("settings.toml");
    std::fs::write(&file, text).unwrap();
    file
}

/// The same, with a simulator of LINE that may be used.
pub fn settings_beside(town: &Town, simulator: &str) -> PathBuf {
    let file = settings(town);
    let text = std::fs::read_to_string(&file).unwrap();
    let simulator = simulator.trim_end_matches('/');
    std::fs::write(&file, format!("{text}[line]\nsimulator = \"{simulator}\"\n")).unwrap();
    file
}

/// The program, without this test run's own variables: an unknown setting would refuse to start.
pub fn tsunagari() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tsunagari"));
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("TSUNAGARI_") && text != "TSUNAGARI_THROW_AWAY_DATABASE" {
            command.env_remove(&name);
        }
    }
    command.env_remove("RUST_BACKTRACE");
    command
}

/// A serving process; dropping it kills it.
pub struct Process {
    pub child: Child,
    pub origin: String,
    /// Where metrics are, once that is said.
    pub metrics: Receiver<String>,
}

impl Process {
    #[expect(clippy::zombie_processes, reason = "`kill` waits for it; a start that fails ends the test")]
    pub fn start(config: &Path) -> Self {
        let mut child = tsunagari().args(["serve", "--config"]).arg(config).stderr(Stdio::piped()).spawn().unwrap();
        let mut heard = String::new();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        for line in lines.by_ref() {
            let line = line.unwrap();
            let said: serde_json::Value = serde_json::from_str(&line).unwrap_or_default();
            if let Some(listen) = said["fields"]["listen"].as_str() {
                let origin = format!("http://{listen}");
                let (tell, metrics) = channel();
                // Somebody has to read on, or the process would stand still when the pipe is full.
                std::thread::spawn(move || {
                    for line in lines.map_while(Result::ok) {
                        let said: serde_json::Value = serde_json::from_str(&line).unwrap_or_default();
                        if let Some(address) = said["fields"]["metrics"].as_str() {
                            let _ = tell.send(address.to_owned());
                        }
                    }
                });
                return Self { child, origin, metrics };
            }
            heard.push_str(&line);
        }
        panic!("it ended before it served: {heard}");
    }

    /// SIGKILL, and waits until it is gone.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
