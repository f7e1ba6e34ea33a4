//! A small HTTP server on loopback that answers from a table and remembers what it was asked.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
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

/// What was sent along: the method, the path and the body.
pub type Sent = (String, String, String);

#[derive(Clone, Default)]
struct Memory {
    replies: Arc<Mutex<BTreeMap<String, Vec<Reply>>>>,
    asked: Arc<Mutex<Vec<Asked>>>,
    sent: Arc<Mutex<Vec<Sent>>>,
}

pub struct Server {
    port: u16,
    memory: Memory,
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
        let memory = Memory::default();
        let server = Self { port, memory: memory.clone() };
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let _ = answer(stream, &memory);
            }
        });
        server
    }

    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Adds an answer for `path`. Several are given one after another; the last one stays.
    pub fn on(&self, path: &str, reply: Reply) {
        self.memory.replies.lock().unwrap().entry(path.to_owned()).or_default().push(reply);
    }

    pub fn asked(&self) -> Vec<Asked> {
        self.memory.asked.lock().unwrap().clone()
    }

    /// Returns what was sent with a body, in order.
    pub fn sent(&self) -> Vec<Sent> {
        self.memory.sent.lock().unwrap().clone()
    }
}

fn answer(mut stream: TcpStream, memory: &Memory) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut request = String::new();
    reader.read_line(&mut request)?;
    let mut words = request.split_whitespace().map(str::to_owned);
    let (method, path) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let (mut token, mut length) = (None, 0);
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 || line.trim().is_empty() {
            break;
        }
        let (name, value) = line.split_once(':').unwrap_or_default();
        match name.to_ascii_lowercase().as_str() {
            "authorization" | "private-token" => token = Some(value.trim().to_owned()),
            "content-length" => length = value.trim().parse().unwrap_or_default(),
            _ => {}
        }
    }
    if length > 0 {
        let mut body = String::new();
        reader.take(length).read_to_string(&mut body)?;
        memory.sent.lock().unwrap().push((method, path.clone(), body));
    }
    let reply = {
        let mut replies = memory.replies.lock().unwrap();
        match replies.get_mut(&path) {
            Some(list) if list.len() > 1 => list.remove(0),
            Some(list) => list[0].clone(),
            None => Reply::new(404, r#"{"message":"Not Found"}"#),
        }
    };
    memory.asked.lock().unwrap().push((path, token));
    let headers: String = reply.headers.iter().map(|header| format!("{header}\r\n")).collect();
    let length = reply.body.len() + reply.missing;
    write!(
        stream,
        "HTTP/1.1 {} X\r\n{headers}content-length: {length}\r\nconnection: close\r\n\r\n",
        reply.status
    )?;
    stream.write_all(&reply.body)
}
