//! How long a program runs and how much memory it takes.

use std::io::Read;
use std::process::{Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

/// One run of a program.
pub(crate) struct Run {
    pub(crate) wall: Duration,
    /// What its processors spent; on a busy machine that is steadier than the time on the wall. Only Unix says.
    pub(crate) cpu: Option<Duration>,
    /// The most memory it held, in KiB; only Linux says so, and only what was seen while it ran.
    pub(crate) peak: Option<u64>,
    /// None where it was ended for taking too long.
    pub(crate) status: Option<ExitStatus>,
    pub(crate) stdout: Vec<u8>,
    pub(crate) stderr: Vec<u8>,
}

/// Runs a program, at most for a time.
pub(crate) fn measure(command: &mut Command, timeout: Duration) -> Result<Run> {
    let start = Instant::now();
    let before = cpu_of_children();
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot run {}", command.get_program().display()))?;
    let stdout = read(child.stdout.take().context("the program has no standard output")?);
    let stderr = read(child.stderr.take().context("the program has no standard error")?);
    let mut peak = None;
    let (wall, status) = loop {
        if let Some(status) = child.try_wait()? {
            break (start.elapsed(), Some(status));
        }
        if start.elapsed() > timeout {
            child.kill()?;
            child.wait()?;
            break (start.elapsed(), None);
        }
        peak = high_water_mark(child.id()).or(peak);
        thread::sleep(Duration::from_millis(1));
    };
    let (stdout, stderr) = (stdout.join().unwrap_or_default(), stderr.join().unwrap_or_default());
    let cpu = before.zip(cpu_of_children()).map(|(before, after)| after.saturating_sub(before));
    Ok(Run { wall, cpu, peak, status, stdout, stderr })
}

fn read(mut pipe: impl Read + Send + 'static) -> thread::JoinHandle<Vec<u8>> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        // A program that is ended early leaves what it has written.
        let _ = pipe.read_to_end(&mut bytes);
        bytes
    })
}

/// What all processes that were started here and have ended took.
#[cfg(unix)]
fn cpu_of_children() -> Option<Duration> {
    use nix::sys::resource::{UsageWho, getrusage};
    use nix::sys::time::TimeValLike;
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN).ok()?;
    let micros = usage.user_time().num_microseconds() + usage.system_time().num_microseconds();
    Some(Duration::from_micros(micros.try_into().ok()?))
}

#[cfg(not(unix))]
fn cpu_of_children() -> Option<Duration> {
    None
}

/// The most memory that a running process has held so far, in KiB.
fn high_water_mark(process: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().trim_end_matches(" kB").trim().parse().ok()
}

/// The one in the middle.
pub(crate) fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_the_one_in_the_middle() {
        let times = [5, 1, 9].map(Duration::from_millis);
        assert_eq!(median(times.to_vec()), Duration::from_millis(5));
        assert_eq!(median(Vec::new()), Duration::ZERO);
    }

    #[test]
    fn a_program_that_takes_too_long_is_ended() {
        let run = measure(Command::new("sleep").arg("60"), Duration::from_millis(20)).unwrap();
        assert!(run.status.is_none());
        let run = measure(Command::new("echo").arg("x"), Duration::from_secs(60)).unwrap();
        assert_eq!(run.stdout, b"x\n");
        assert!(run.status.is_some_and(|status| status.success()));
    }
}
