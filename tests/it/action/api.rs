//! The few requests of GitHub's API and of its releases that the action makes.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

/// A request as it arrived.
#[derive(Clone, Debug)]
pub(super) struct Received {
    /// `POST /repos/…`
    pub(super) line: String,
    pub(super) authorization: Option<String>,
    pub(super) body: String,
}

/// What is answered to a request line: status and body.
type Answers = BTreeMap<String, (u16, Vec<u8>)>;

/// Listens on this machine until the process ends.
#[derive(Clone)]
pub(super) struct Api {
    pub(super) address: String,
    received: Arc<Mutex<Vec<Received>>>,
    answers: Arc<Mutex<Answers>>,
}

impl Api {
    /// Answers 404 to what it was not told about.
    pub(super) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let api = Self { address, received: Arc::default(), answers: Arc::default() };
        let server = api.clone();
        thread::spawn(move || {
            listener.incoming().flatten().for_each(|stream| server.serve(stream));
        });
        api
    }

    /// What to answer to a request line such as `GET /repos/o/r`.
    pub(super) fn answer(&self, line: &str, status: u16, body: impl Into<Vec<u8>>) {
        self.answers.lock().unwrap().insert(line.to_owned(), (status, body.into()));
    }

    /// What has arrived so far.
    pub(super) fn received(&self) -> Vec<Received> {
        self.received.lock().unwrap().clone()
    }

    /// The requests that change something.
    pub(super) fn writes(&self) -> Vec<Received> {
        let mut all = self.received();
        all.retain(|request| !request.line.starts_with("GET "));
        all
    }

    fn serve(&self, stream: TcpStream) {
        let mut reader = BufReader::new(stream.try_clone().unwrap());
        let mut lines = Vec::new();
        loop {
            let mut line = String::new();
            if reader.read_line(&mut line).unwrap_or(0) == 0 {
                return;
            }
            let line = line.trim_end().to_owned();
            if line.is_empty() {
                break;
            }
            lines.push(line);
        }
        let header = |name: &str| {
            lines.iter().find_map(|line| {
                let (found, value) = line.split_once(": ")?;
                found.eq_ignore_ascii_case(name).then(|| value.to_owned())
            })
        };
        let length = header("content-length").and_then(|text| text.parse().ok()).unwrap_or(0);
        let mut body = vec![0; length];
        reader.read_exact(&mut body).unwrap();
        let line = lines[0].trim_end_matches(" HTTP/1.1").to_owned();
        let received = Received {
            line: line.clone(),
            authorization: header("authorization"),
            body: String::from_utf8(body).unwrap(),
        };
        self.received.lock().unwrap().push(received);
        let known = self.answers.lock().unwrap().get(&line).cloned();
        let (status, body) = known.unwrap_or((404, b"{\"message\": \"Not Found\"}".to_vec()));
        let head = format!(
            "HTTP/1.1 {status} Answer\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
            body.len()
        );
        let mut stream = stream;
        stream.write_all(head.as_bytes()).unwrap();
        stream.write_all(&body).unwrap();
    }
}
