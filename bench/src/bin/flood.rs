//! Traffic for `flannel_node.py`: datagrams, or a TCP stream, as fast as they go for some seconds; the receiver tells what came.
//!
//! usage: flood receive udp|tcp ADDRESS:PORT            prints "PACKETS BYTES NANOSECONDS" of one flood
//!        flood send udp|tcp ADDRESS:PORT SIZE SECONDS

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream, UdpSocket};
use std::time::{Duration, Instant};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words[..] {
        ["receive", "udp", address] => receive_udp(address),
        ["receive", "tcp", address] => receive_tcp(address),
        ["send", "udp", address, size, seconds] => send_udp(address, size.parse()?, seconds.parse()?),
        ["send", "tcp", address, size, seconds] => send_tcp(address, size.parse()?, seconds.parse()?),
        _ => Err("usage: flood receive|send udp|tcp ADDRESS:PORT [SIZE SECONDS]".into()),
    }
}

type Done = Result<(), Box<dyn std::error::Error>>;

fn receive_udp(address: &str) -> Done {
    let socket = UdpSocket::bind(address)?;
    println!("ready");
    let mut buffer = [0; 65_536];
    let (mut packets, mut bytes) = (0_u64, socket.recv(&mut buffer)? as u64);
    let start = Instant::now();
    let mut last = start;
    // The flood is over when nothing has come for a while.
    socket.set_read_timeout(Some(Duration::from_millis(500)))?;
    while let Ok(len) = socket.recv(&mut buffer) {
        packets += 1;
        bytes += len as u64;
        if packets % 64 == 0 {
            last = Instant::now();
        }
    }
    println!("{packets} {bytes} {}", (last - start).as_nanos());
    Ok(())
}

fn receive_tcp(address: &str) -> Done {
    let listener = TcpListener::bind(address)?;
    println!("ready");
    let (mut stream, _) = listener.accept()?;
    let mut buffer = vec![0; 1 << 20];
    let (start, mut bytes) = (Instant::now(), 0);
    loop {
        match stream.read(&mut buffer)? {
            0 => break,
            len => bytes += len as u64,
        }
    }
    println!("{} {bytes} {}", bytes / 1420, start.elapsed().as_nanos());
    Ok(())
}

fn send_udp(address: &str, size: usize, seconds: f64) -> Done {
    let socket = UdpSocket::bind("0.0.0.0:0")?;
    socket.connect(address)?;
    let (payload, end) = (vec![0x5a; size], Instant::now() + Duration::from_secs_f64(seconds));
    while Instant::now() < end {
        for _ in 0..64 {
            // What the device has no room for is lost, as in any flood.
            let _ = socket.send(&payload);
        }
    }
    Ok(())
}

fn send_tcp(address: &str, size: usize, seconds: f64) -> Done {
    let mut stream = TcpStream::connect(address)?;
    let (payload, end) = (vec![0x5a; size], Instant::now() + Duration::from_secs_f64(seconds));
    while Instant::now() < end {
        stream.write_all(&payload)?;
    }
    Ok(())
}
