//! The page for reviewers in a real browser: loaded without network, filtered, searched, linked to.
//!
//! It runs where a Chromium is found (or named by `UNBROKEN_CHROMIUM`) and says so where none is. The
//! browser is spoken to through two pipes, in the words of the `DevTools` protocol.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::case::testdata;
use crate::cases::unbroken;
use crate::crowd::{MANY, crowd};

/// How long an answer may take on a busy machine.
const PATIENCE: Duration = Duration::from_mins(2);

/// The program, where there is one.
fn chromium() -> Option<PathBuf> {
    if let Some(named) = std::env::var_os("UNBROKEN_CHROMIUM") {
        return Some(named.into());
    }
    let path = std::env::var_os("PATH")?;
    let names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
    let mut candidates = std::env::split_paths(&path)
        .flat_map(|folder| names.iter().map(move |name| folder.join(name)));
    let found = candidates.find(|candidate| candidate.is_file());
    if found.is_none() {
        // Past the capture of the test harness, so that it is seen.
        let _ = writeln!(std::io::stderr(), "SKIPPED: no Chromium to load the HTML report with");
    }
    found
}

/// A browser with one page.
struct Browser {
    process: Child,
    input: ChildStdin,
    answers: Receiver<Value>,
    session: Option<String>,
    sent: u64,
    /// What the page complained about, what it loaded, which dialogs it opened.
    events: Vec<Value>,
    _home: TempDir,
}

impl Browser {
    fn start(program: &Path) -> Self {
        let home = tempfile::tempdir().unwrap();
        // The protocol speaks through descriptors 3 and 4.
        let script = "exec \"$0\" --headless --no-sandbox --disable-gpu --no-first-run \
                      --remote-debugging-pipe --user-data-dir=\"$1\" about:blank \
                      3<&0 4>&1 0</dev/null 1>/dev/null 2>/dev/null";
        let mut process = Command::new("sh")
            .args(["-c", script])
            .arg(program)
            .arg(home.path())
            // What it unpacks goes with its profile.
            .env("TMPDIR", home.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let input = process.stdin.take().unwrap();
        let mut output = BufReader::new(process.stdout.take().unwrap());
        let (sender, answers) = channel();
        thread::spawn(move || {
            let mut message = Vec::new();
            while output.read_until(0, &mut message).is_ok_and(|read| read > 0) {
                message.pop();
                let Ok(value) = serde_json::from_slice(&message) else { break };
                if sender.send(value).is_err() {
                    break;
                }
                message.clear();
            }
        });
        let events = Vec::new();
        let mut browser =
            Self { process, input, answers, session: None, sent: 0, events, _home: home };
        let target = browser.ask("Target.createTarget", json!({"url": "about:blank"}));
        let attach = json!({"targetId": target["targetId"], "flatten": true});
        let session = browser.ask("Target.attachToTarget", attach);
        browser.session = Some(session["sessionId"].as_str().unwrap().to_owned());
        for domain in ["Page", "Runtime", "Log", "Network"] {
            browser.ask(&format!("{domain}.enable"), json!({}));
        }
        browser
    }

    /// Sends a command and waits for its answer; what happens meanwhile is kept.
    fn ask(&mut self, method: &str, parameters: Value) -> Value {
        let answer = self.send(method, parameters);
        assert!(answer.get("error").is_none(), "{method}: {answer}");
        answer["result"].clone()
    }

    /// The whole answer, an error too.
    #[allow(clippy::needless_pass_by_value, reason = "`json!` makes values")]
    fn send(&mut self, method: &str, parameters: Value) -> Value {
        self.sent += 1;
        let mut message = json!({"id": self.sent, "method": method, "params": parameters});
        if let Some(session) = &self.session {
            message["sessionId"] = json!(session);
        }
        self.input.write_all(format!("{message}\0").as_bytes()).unwrap();
        loop {
            let answer = self.answers.recv_timeout(PATIENCE);
            let answer = answer.unwrap_or_else(|error| panic!("{method}: {error}"));
            if answer["id"] == self.sent {
                return answer;
            }
            self.events.push(answer);
        }
    }

    /// Loads a file in a window of this width and waits until its script has run.
    fn open(&mut self, address: &str, width: u32) {
        let size = json!({"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": false});
        self.ask("Emulation.setDeviceMetricsOverride", size);
        self.ask("Page.navigate", json!({"url": "about:blank"}));
        self.events.clear();
        self.ask("Page.navigate", json!({"url": address}));
        let start = Instant::now();
        // While a document makes room for the next, neither may be there.
        let is_ready = "document.documentElement?.classList.contains('ready')";
        let asked = || json!({"expression": is_ready, "returnByValue": true});
        while self.send("Runtime.evaluate", asked())["result"]["result"]["value"] != true {
            assert!(start.elapsed() < PATIENCE, "{address} is not ready");
            thread::sleep(Duration::from_millis(50));
        }
    }

    /// The value of an expression in the page.
    fn value(&mut self, expression: &str) -> Value {
        let asked = json!({"expression": expression, "returnByValue": true});
        let answer = self.ask("Runtime.evaluate", asked);
        assert!(answer.get("exceptionDetails").is_none(), "{expression}: {answer}");
        answer["result"]["value"].clone()
    }

    /// Clicks where a reader would: in the middle of the element.
    fn click(&mut self, selector: &str) {
        let found = self.value(&format!(
            "(() => {{ const e = document.querySelector({selector:?}); \
             e.scrollIntoView({{block: 'center', behavior: 'instant'}}); \
             const r = e.getBoundingClientRect(); \
             return [r.x + r.width / 2, r.y + r.height / 2]; }})()"
        ));
        for kind in ["mousePressed", "mouseReleased"] {
            let event = json!({
                "type": kind, "x": found[0], "y": found[1], "button": "left", "clickCount": 1
            });
            self.ask("Input.dispatchMouseEvent", event);
        }
    }

    /// Presses keys, one after the other.
    fn press(&mut self, keys: &[&str]) {
        for key in keys {
            let text = if key.chars().count() == 1 { key } else { "" };
            let down = json!({"type": "keyDown", "key": key, "text": text});
            self.ask("Input.dispatchKeyEvent", down);
            self.ask("Input.dispatchKeyEvent", json!({"type": "keyUp", "key": key}));
        }
    }

    /// How many findings are shown.
    fn shown(&mut self) -> Value {
        self.value("document.querySelectorAll('.finding:not([hidden])').length")
    }

    /// Nothing was refused, thrown, asked of a server, or said in a dialog.
    fn is_quiet(&mut self) {
        self.value("0");
        for event in &self.events {
            let method = event["method"].as_str().unwrap_or_default();
            let loud =
                ["Log.entryAdded", "Runtime.exceptionThrown", "Page.javascriptDialogOpening"];
            assert!(!loud.contains(&method), "{event}");
            if method == "Network.requestWillBeSent" {
                let address = event["params"]["request"]["url"].as_str().unwrap();
                let is_local = ["file:", "data:", "about:"].iter().any(|s| address.starts_with(s));
                assert!(is_local, "{address}");
            }
        }
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // A browser that is asked to close takes its helpers along, and writes nothing afterwards.
        let close = json!({"id": 0, "method": "Browser.close"});
        let _ = self.input.write_all(format!("{close}\0").as_bytes());
        let start = Instant::now();
        while start.elapsed() < Duration::from_secs(10) {
            if !matches!(self.process.try_wait(), Ok(None)) {
                return;
            }
            thread::sleep(Duration::from_millis(20));
        }
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The report of a pair in `testdata`, as a file and its address.
fn page(folder: &str) -> (TempDir, String) {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("report.html");
    let target = format!("html={}", path.display());
    unbroken(&testdata().join(folder), &["diff", "old.yaml", "new.yaml", "-o", &target]);
    let address = format!("file://{}", path.display());
    (home, address)
}

#[test]
fn a_reviewer_filters_searches_and_links() {
    let Some(program) = chromium() else { return };
    let mut browser = Browser::start(&program);
    let (_home, address) = page("showcase");
    browser.open(&address, 1280);
    let all = browser.shown();
    let compatible = "document.querySelectorAll('.finding[data-verdict=compatible]').length";
    let compatible = browser.value(compatible);
    assert!(all.as_u64() > compatible.as_u64() && compatible.as_u64() > Some(1), "{all}");
    assert_eq!(browser.value("document.querySelectorAll('.finding[open]').length"), 2);

    browser.click("[data-verdict-filter=breaking]");
    assert_eq!(browser.shown(), 2);
    let status = format!("2 of {all} findings");
    assert_eq!(browser.value("document.getElementById('status').textContent"), *status);
    browser.click("[data-surface-filter=source]");
    assert_eq!(browser.shown(), 0);
    assert_eq!(browser.value("document.getElementById('empty').hidden"), false);
    browser.click("#reset");
    assert_eq!(browser.shown(), all);

    browser.press(&["/"]);
    browser.ask("Input.insertText", json!({"text": "returned status"}));
    assert_eq!(browser.shown(), 1);
    browser.press(&["Escape"]);
    assert_eq!(browser.shown(), all);

    browser.press(&["Escape", "c"]);
    assert_eq!(browser.shown(), compatible, "c shows what is compatible");
    browser.press(&["j", "j", "o"]);
    assert_eq!(browser.value("document.querySelector('.current').open"), true);
    assert_eq!(browser.value("location.search"), "?verdict=compatible");

    browser.click("#theme");
    let theme = browser.value("document.documentElement.dataset.theme");
    assert!(theme == "dark" || theme == "light", "{theme}");

    let id = "document.querySelector('.finding:last-of-type').id";
    let id = browser.value(id).as_str().unwrap().to_owned();
    browser.is_quiet();
    browser.open(&format!("{address}?verdict=breaking#{id}"), 1280);
    let linked = format!("(e => e.open && !e.hidden)(document.getElementById({id:?}))");
    assert_eq!(browser.value(&linked), true, "a link opens its finding whatever is filtered");
    browser.is_quiet();
}

#[test]
fn hostile_names_do_nothing_and_fit_a_phone() {
    let Some(program) = chromium() else { return };
    let mut browser = Browser::start(&program);
    for folder in ["hostile", "showcase"] {
        let (_home, address) = page(folder);
        browser.open(&address, 390);
        browser.click("#unfold");
        let overflow = "(e => e.scrollWidth - e.clientWidth)(document.documentElement)";
        assert_eq!(browser.value(overflow), 0, "{folder} is wider than a phone");
        let inside = "[...document.querySelectorAll('.diff td.no')].filter(e => e.offsetWidth) \
                      .every(e => e.getBoundingClientRect().right \
                      <= e.nextElementSibling.getBoundingClientRect().left + 1)";
        assert_eq!(browser.value(inside), true, "{folder}: a number runs into its line");
        let foreign = "document.querySelectorAll('img, iframe, object, embed, form, base').length";
        assert_eq!(browser.value(foreign), 0);
        assert_eq!(browser.value("document.scripts.length"), 1);
        let links = "[...document.links].every(a => a.getAttribute('href').startsWith('#'))";
        assert_eq!(browser.value(links), true);
        browser.is_quiet();
    }
}

/// The report of many findings, for as long as its folder lives, and the address that it has.
fn crowded_report() -> (TempDir, String) {
    let home = crowd();
    let path = home.path().join("report.html");
    let target = format!("html={}", path.display());
    unbroken(home.path(), &["diff", "old", "new", "-o", &target]);
    (home, format!("file://{}", path.display()))
}

#[test]
fn a_thousand_findings_are_filtered_by_contract() {
    let Some(program) = chromium() else { return };
    let mut browser = Browser::start(&program);
    let (_home, address) = crowded_report();
    for width in [1280, 390] {
        browser.open(&address, width);
        assert_eq!(browser.shown(), 2 * MANY);
        let overflow = "(e => e.scrollWidth - e.clientWidth)(document.documentElement)";
        assert_eq!(browser.value(overflow), 0, "wider than {width}");
        let choose = |value: &str| {
            format!(
                "(() => {{ const s = document.getElementById('contract'); s.value = {value:?}; \
                 s.dispatchEvent(new Event('change', {{bubbles: true}})); }})()"
            )
        };
        browser.value(&choose("1"));
        assert_eq!(browser.shown(), MANY);
        let of_it = "[...document.querySelectorAll('.finding')].filter(e => e.checkVisibility())\
                     .every(e => e.textContent.includes('users.yaml') || e.closest('section')\
                     .textContent.includes('users.yaml'))";
        assert_eq!(browser.value(of_it), true, "those of the contract that was chosen");
        browser.press(&["/"]);
        browser.ask("Input.insertText", json!({"text": "member77"}));
        assert_eq!(browser.shown(), 1);
        browser.press(&["Escape"]);
        browser.value(&choose(""));
        assert_eq!(browser.shown(), 2 * MANY);
        browser.is_quiet();
    }
}

/// Where the top of an element ends up once nothing moves any more.
fn settled(browser: &mut Browser, id: &str) -> f64 {
    let top = format!("document.getElementById({id:?}).getBoundingClientRect().top");
    let start = Instant::now();
    let mut last = f64::NAN;
    loop {
        thread::sleep(Duration::from_millis(400));
        let now = browser.value(&top).as_f64().unwrap();
        if (now - last).abs() < 1.0 || start.elapsed() > PATIENCE {
            return now;
        }
        last = now;
    }
}

#[test]
fn a_link_into_a_long_report_lands_on_its_finding() {
    let Some(program) = chromium() else { return };
    let mut browser = Browser::start(&program);
    let (_home, address) = crowded_report();
    for width in [1280, 390] {
        browser.open(&address, width);
        let ids = "[...document.querySelectorAll('.finding')].map(e => e.id)";
        let ids = browser.value(ids);
        let ids: Vec<&str> =
            ids.as_array().unwrap().iter().map(|id| id.as_str().unwrap()).collect();
        for index in [ids.len() / 3, ids.len() * 9 / 10] {
            let id = ids[index];
            browser.open(&format!("{address}#{id}"), width);
            let top = settled(&mut browser, id);
            assert!((0.0..300.0).contains(&top), "opened at {width}: {index} is at {top}");
            browser.open(&address, width);
            browser.value(&format!("location.hash = {id:?}"));
            let top = settled(&mut browser, id);
            assert!((0.0..300.0).contains(&top), "followed at {width}: {index} is at {top}");
        }
        browser.is_quiet();
    }
}
