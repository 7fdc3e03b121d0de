//! What the session tests share: the binary, a directory to work in, and a client of the language
//! server that is not built with it.

#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "tests run the program over files")]

use std::collections::HashMap;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::OnceLock;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;

/// How long to wait for what must come: far longer than it takes, so that a busy machine fails nothing.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// The binary, built if it is not up to date. `NIXSCOPE_BIN` names another one.
pub fn binary() -> &'static Path {
    static BINARY: OnceLock<PathBuf> = OnceLock::new();
    BINARY.get_or_init(|| {
        if let Some(given) = std::env::var_os("NIXSCOPE_BIN") {
            return given.into();
        }
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut build = Command::new(cargo);
        build.args(["build", "--package", "nixscope", "--message-format", "json-render-diagnostics"]);
        if !cfg!(debug_assertions) {
            build.arg("--release");
        }
        let output = build.stderr(Stdio::inherit()).output().expect("cargo runs");
        assert!(output.status.success(), "the binary does not build");
        let messages = String::from_utf8_lossy(&output.stdout);
        let mut executables = messages.lines().filter_map(|line| {
            let message: Value = serde_json::from_str(line).ok()?;
            (message["target"]["name"] == "nixscope")
                .then(|| message["executable"].as_str().map(PathBuf::from))?
        });
        executables.next_back().expect("cargo says where the binary is")
    })
}

/// A fleet of the test data.
pub fn fleet(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../test-data/fleets")
        .join(name)
        .canonicalize()
        .expect("a fleet")
}

/// A directory with some files, removed at the end.
pub struct Folder {
    directory: TempDir,
}

impl Folder {
    /// Makes the files: paths and texts.
    pub fn new(files: &[(&str, &str)]) -> Folder {
        let folder = Folder { directory: tempfile::tempdir().expect("a directory for the test") };
        for (name, text) in files {
            folder.write(name, text);
        }
        folder
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        self.directory.path()
    }

    /// Reads a file.
    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path().join(name)).expect("a file")
    }

    /// Writes a file.
    pub fn write(&self, name: &str, text: &str) {
        let path = self.path().join(name);
        fs::create_dir_all(path.parent().expect("a directory")).expect("a directory can be made");
        fs::write(path, text).expect("a file can be written");
    }

    /// Removes a file.
    pub fn remove(&self, name: &str) {
        fs::remove_file(self.path().join(name)).expect("a file can be removed");
    }
}

/// A flake of two hosts with an option, a secret and a library of its own; `web.nix` is left to the test.
pub fn small_fleet() -> Folder {
    Folder::new(&[
        (
            "flake.nix",
            "{\n  inputs.nixpkgs.url = \"github:NixOS/nixpkgs/nixos-25.11\";\n  outputs = { self, nixpkgs }: {\n    \
             nixosConfigurations.web = nixpkgs.lib.nixosSystem {\n      specialArgs = { inherit self; };\n      \
             modules = [ ./web.nix ./port.nix ];\n    };\n    nixosConfigurations.db = nixpkgs.lib.nixosSystem {\n      \
             modules = [ ./db.nix ./port.nix ];\n    };\n  };\n}\n",
        ),
        (
            "port.nix",
            "{ lib, ... }:\n{\n  options.my.port = lib.mkOption {\n    type = lib.types.port;\n    default = 80;\n    \
             description = \"Where it listens.\";\n  };\n  options.my.level = lib.mkOption {\n    \
             type = lib.types.enum [ \"low\" \"high\" ];\n    default = \"low\";\n  };\n}\n",
        ),
        (
            "db.nix",
            "{ lib, ... }:\n{\n  my.port = lib.mkForce 5432;\n  age.secrets.key.file = ./key.age;\n}\n",
        ),
        ("lib.nix", "{\n  # Adds one.\n  plus = x: y: x + 1;\n  one = 1;\n}\n"),
        ("web.nix", "{ }\n"),
    ])
}

/// The address of a file.
pub fn uri(path: &Path) -> String {
    url::Url::from_file_path(path).expect("an absolute path").into()
}

/// A client with a server of its own.
pub struct Session {
    root: PathBuf,
    process: Child,
    input: Option<ChildStdin>,
    messages: Receiver<Value>,
    answers: HashMap<i64, Value>,
    /// Every `publishDiagnostics`, in order.
    pub published: Vec<Value>,
    /// Every other message of the server's own.
    pub said: Vec<Value>,
    /// What `workspace/configuration` is answered with.
    pub settings: Value,
    /// The answer to `initialize`.
    pub server: Value,
    next_id: i64,
}

impl Session {
    /// Starts a server and says nothing to it.
    pub fn silent(root: &Path) -> Session {
        let mut process = Command::new(binary())
            .arg("--stdio")
            .current_dir(root)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the server starts");
        let mut output = BufReader::new(process.stdout.take().expect("a pipe"));
        let (sender, messages) = channel();
        std::thread::spawn(move || {
            while let Some(message) = read_message(&mut output) {
                if sender.send(message).is_err() {
                    break;
                }
            }
        });
        let input = process.stdin.take();
        Session {
            root: root.to_path_buf(),
            process,
            input,
            messages,
            answers: HashMap::new(),
            published: Vec::new(),
            said: Vec::new(),
            settings: Value::Null,
            server: Value::Null,
            next_id: 0,
        }
    }

    /// Starts a server and introduces a client with these capabilities.
    pub fn start(root: &Path, capabilities: Value) -> Session {
        let mut session = Session::silent(root);
        session.initialize(capabilities, Value::Null);
        session
    }

    /// Introduces a client.
    pub fn initialize(&mut self, capabilities: Value, options: Value) {
        let root = uri(&self.root);
        let params = json!({
            "processId": std::process::id(),
            "rootUri": root,
            "workspaceFolders": [{ "uri": root, "name": "test" }],
            "initializationOptions": options,
            "capabilities": capabilities,
        });
        self.server = self.request("initialize", params);
        self.notify("initialized", json!({}));
    }

    /// The address of a file of the folder.
    pub fn uri(&self, name: &str) -> String {
        uri(&self.root.join(name))
    }

    /// Sends bytes as they are.
    pub fn raw(&mut self, bytes: &[u8]) {
        let input = self.input.as_mut().expect("the input is open");
        // A server that ended is noticed by what does not come.
        let _ = input.write_all(bytes).and_then(|()| input.flush());
    }

    /// Sends a message.
    pub fn send(&mut self, message: &Value) {
        self.raw(frame(&message.to_string()).as_bytes());
    }

    /// Sends a notification.
    pub fn notify(&mut self, method: &str, params: Value) {
        self.send(&json!({ "jsonrpc": "2.0", "method": method, "params": params }));
    }

    /// Sends a request; its id.
    pub fn ask(&mut self, method: &str, params: Value) -> i64 {
        self.next_id += 1;
        let id = self.next_id;
        self.send(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }));
        id
    }

    /// Waits for the answer to a request; the whole message.
    pub fn answer(&mut self, id: i64) -> Value {
        self.wait(&format!("an answer to request {id}"), |session| session.answers.remove(&id))
    }

    /// Sends a request and waits for its result.
    pub fn request(&mut self, method: &str, params: Value) -> Value {
        let id = self.ask(method, params);
        let mut answer = self.answer(id);
        assert!(answer.get("error").is_none(), "{method}: {answer}");
        answer["result"].take()
    }

    /// Sends a request and waits for its error's code.
    pub fn refused(&mut self, method: &str, params: Value) -> i64 {
        let id = self.ask(method, params);
        let answer = self.answer(id);
        answer["error"]["code"].as_i64().unwrap_or_else(|| panic!("{method} was not refused: {answer}"))
    }

    /// Opens a file of the folder with a text.
    pub fn open(&mut self, name: &str, text: &str) {
        let uri = self.uri(name);
        let document = json!({ "uri": uri, "languageId": "nix", "version": 1, "text": text });
        self.notify("textDocument/didOpen", json!({ "textDocument": document }));
    }

    /// Opens a file of the folder with a text in which `$0` marks a place; the place.
    pub fn open_at(&mut self, name: &str, marked: &str) -> Value {
        let (before, after) = marked.split_once("$0").expect("a marked place");
        self.open(name, &format!("{before}{after}"));
        let line = before.matches('\n').count();
        let column = before.rsplit('\n').next().unwrap_or("").encode_utf16().count();
        self.place(name, line.try_into().expect("a line"), column.try_into().expect("a column"))
    }

    /// The lines that locations, links or edits point to, each as `file:line: text`, sorted.
    pub fn lines_of(&self, found: &Value) -> Vec<String> {
        let mut out: Vec<String> = found
            .as_array()
            .unwrap_or_else(|| panic!("a list: {found}"))
            .iter()
            .map(|it| {
                let uri = it["uri"].as_str().or(it["targetUri"].as_str()).expect("an address");
                let range = if it["range"].is_null() { &it["targetSelectionRange"] } else { &it["range"] };
                let path = url::Url::parse(uri).expect("an address").to_file_path().expect("a file");
                let line = range["start"]["line"].as_u64().expect("a line");
                let text = fs::read_to_string(&path).expect("a file");
                let index = usize::try_from(line).expect("a small number");
                let text = text.lines().nth(index).unwrap_or("").trim().to_string();
                let name = path.strip_prefix(&self.root).unwrap_or(&path).display().to_string();
                format!("{name}:{}: {text}", line + 1)
            })
            .collect();
        out.sort();
        out
    }

    /// Replaces the whole text of an open file.
    pub fn replace(&mut self, name: &str, version: i32, text: &str) {
        self.edit(name, version, json!({ "text": text }));
    }

    /// Changes an open file.
    pub fn edit(&mut self, name: &str, version: i32, change: Value) {
        let document = json!({ "uri": self.uri(name), "version": version });
        let params = json!({ "textDocument": document, "contentChanges": [change] });
        self.notify("textDocument/didChange", params);
    }

    /// `{"textDocument": …}` for a file of the folder.
    pub fn document(&self, name: &str) -> Value {
        json!({ "textDocument": { "uri": self.uri(name) } })
    }

    /// The same with a position.
    pub fn place(&self, name: &str, line: u32, character: u32) -> Value {
        let mut params = self.document(name);
        params["position"] = json!({ "line": line, "character": character });
        params
    }

    /// Waits until the diagnostics last published for a file are as wanted.
    pub fn until_published(&mut self, name: &str, wanted: impl Fn(&[Value]) -> bool) -> Vec<Value> {
        let uri = self.uri(name);
        self.wait(&format!("diagnostics of {name}"), |session| {
            let last = session.published.iter().rfind(|it| it["uri"] == uri.as_str())?;
            let diagnostics = last["diagnostics"].as_array()?;
            wanted(diagnostics).then(|| diagnostics.clone())
        })
    }

    /// How often diagnostics were published for a file.
    pub fn times_published(&self, name: &str) -> usize {
        let uri = self.uri(name);
        self.published.iter().filter(|it| it["uri"] == uri.as_str()).count()
    }

    /// Waits until the server has said something of this method itself.
    pub fn until_said(&mut self, method: &str) -> Value {
        self.wait(method, |session| session.said.iter().rfind(|it| it["method"] == method).cloned())
    }

    /// Reads what comes for a while.
    pub fn listen(&mut self, time: Duration) {
        let end = Instant::now() + time;
        while let Some(left) = end.checked_duration_since(Instant::now()) {
            match self.messages.recv_timeout(left) {
                Ok(message) => self.receive(message),
                Err(_) => break,
            }
        }
    }

    /// Says goodbye as the protocol wants it, and checks that the server goes.
    pub fn end(mut self) {
        self.request("shutdown", Value::Null);
        self.notify("exit", Value::Null);
        assert_eq!(self.exit_status(), 0);
    }

    /// Closes the server's input.
    pub fn close_input(&mut self) {
        self.input = None;
    }

    /// Waits until the process has ended; its exit status.
    pub fn exit_status(&mut self) -> i32 {
        let end = Instant::now() + PATIENCE;
        while Instant::now() < end {
            if let Some(status) = self.process.try_wait().expect("a process") {
                return status.code().unwrap_or(-1);
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        panic!("the server does not end");
    }

    fn wait<T>(&mut self, what: &str, mut ready: impl FnMut(&mut Session) -> Option<T>) -> T {
        let end = Instant::now() + PATIENCE;
        loop {
            if let Some(found) = ready(self) {
                return found;
            }
            let left = end.saturating_duration_since(Instant::now());
            match self.messages.recv_timeout(left) {
                Ok(message) => self.receive(message),
                Err(RecvTimeoutError::Timeout) => {
                    panic!("waited in vain for {what}; last: {:?}", self.published.last())
                }
                Err(RecvTimeoutError::Disconnected) => panic!("the server ended; waited for {what}"),
            }
        }
    }

    fn receive(&mut self, mut message: Value) {
        let Some(method) = message["method"].as_str().map(str::to_string) else {
            let id = message["id"].as_i64().unwrap_or(-1);
            assert!(self.answers.insert(id, message).is_none() || id == -1, "two answers to {id}");
            return;
        };
        if let Some(id) = message.get("id") {
            let result = match method.as_str() {
                "workspace/configuration" => json!([self.settings]),
                _ => Value::Null,
            };
            let answer = json!({ "jsonrpc": "2.0", "id": id, "result": result });
            self.send(&answer);
        }
        if method == "textDocument/publishDiagnostics" {
            self.published.push(message["params"].take());
        } else {
            self.said.push(message);
        }
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        // Fails where it has ended, which is as good.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// A message as it goes over the wire.
pub fn frame(body: &str) -> String {
    format!("Content-Length: {}\r\n\r\n{body}", body.len())
}

/// The lint names of diagnostics, in order.
pub fn codes(diagnostics: &[Value]) -> Vec<&str> {
    diagnostics.iter().filter_map(|it| it["code"].as_str()).collect()
}

fn read_message(output: &mut impl BufRead) -> Option<Value> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        if output.read_line(&mut line).ok()? == 0 {
            return None;
        }
        match line.trim().split_once(": ") {
            Some(("Content-Length", value)) => length = value.parse().ok()?,
            Some(_) => {}
            None => break,
        }
    }
    let mut body = vec![0; length];
    output.read_exact(&mut body).ok()?;
    serde_json::from_slice(&body).ok()
}
