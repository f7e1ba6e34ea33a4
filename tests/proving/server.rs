//! A small HTTP server on loopback that answers from a table and remembers what it was asked.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

/// One answer.
#[derive(Clone)]
pub struct Reply {
    status: u16,
    headers: Vec<String>,
    body: Vec<u8>,
    /// Bytes that the header claims beyond the body.
    missing: usize,
}

/// What was asked: the path with its query, and the header that carries a token.
pub type Asked = (String, Option<String>);

pub struct Server {
    port: u16,
    replies: Arc<Mutex<BTreeMap<String, Vec<Reply>>>>,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Reply {
    pub fn new(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self { status, headers: Vec::new(), body: body.into(), missing: 0 }
    }

    pub fn header(mut self, header: impl Into<String>) -> Self {
        self.headers.push(header.into());
        self
    }

    /// The server hangs up before the body is whole.
    pub fn cut_short(mut self) -> Self {
        self.missing = 1000;
        self
    }
}

impl Server {
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        let server = Self { port, replies: Arc::default(), asked: Arc::default() };
        let (replies, asked) = (server.replies.clone(), server.asked.clone());
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let _ = answer(stream, &replies, &asked);
            }
        });
        server
    }

    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Adds an answer for `path`. Several are given one after another; the last one stays.
    pub fn on(&self, path: &str, reply: Reply) {
        self.replies.lock().unwrap().entry(path.to_owned()).or_default().push(reply);
    }

    pub fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }
}

fn answer(
    mut stream: TcpStream,
    replies: &Mutex<BTreeMap<String, Vec<Reply>>>,
    asked: &Mutex<Vec<Asked>>,
) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut request = String::new();
    reader.read_line(&mut request)?;
    let path = request.split_whitespace().nth(1).unwrap_or_default().to_owned();
    let mut token = None;
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 || line.trim().is_empty() {
            break;
        }
        if let Some((_, value)) = line.split_once(':').filter(|(name, _)| {
            ["authorization", "private-token"].iter().any(|token| name.eq_ignore_ascii_case(token))
        }) {
            token = Some(value.trim().to_owned());
        }
    }
    let reply = {
        let mut replies = replies.lock().unwrap();
        match replies.get_mut(&path) {
            Some(list) if list.len() > 1 => list.remove(0),
            Some(list) => list[0].clone(),
            None => Reply::new(404, r#"{"message":"Not Found"}"#),
        }
    };
    asked.lock().unwrap().push((path, token));
    let headers: String = reply.headers.iter().map(|header| format!("{header}\r\n")).collect();
    let length = reply.body.len() + reply.missing;
    write!(
        stream,
        "HTTP/1.1 {} X\r\n{headers}content-length: {length}\r\nconnection: close\r\n\r\n",
        reply.status
    )?;
    stream.write_all(&reply.body)
}
