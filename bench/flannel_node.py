#!/usr/bin/env python3
"""flannel-udp-codec's example node beside the loop that flannel's proxy runs, in two network namespaces.

usage: flannel_node.py     rows `NAME ours peer ratio budget ok|SHORT`, in kilopackets and megabytes a second;
                           last line: N budgets, M short. Needs root.

Both ends are of one kind. They take turns, and the best of three floods of each counts.
"""
import json, os, signal, subprocess, sys, tempfile, time

here = os.path.dirname(os.path.abspath(__file__))
node = os.path.join(here, "../target/release/examples/node")
loop = os.path.join(here, "target/release/flannel_loop")
flood = os.path.join(here, "target/release/flood")
prefix = f"cncb{os.getpid()}"
work = tempfile.mkdtemp(prefix=prefix, dir="/tmp")
SECONDS = "2"

def run(*command):
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

def inside(number, *command, **more):
    return subprocess.Popen(["ip", "netns", "exec", f"{prefix}-{number}", *command], stdout=subprocess.PIPE, text=True, **more)

def wait_for_ready(process):
    line = process.stdout.readline()
    assert line.startswith("ready"), line

def namespaces():
    for number in 1, 2:
        run("ip", "netns", "add", f"{prefix}-{number}")
    run("ip", "-n", f"{prefix}-1", "link", "add", "name", "eth0", "type", "veth", "peer", "name", "eth0", "netns", f"{prefix}-2")
    for number in 1, 2:
        run("ip", "-n", f"{prefix}-{number}", "link", "set", "lo", "up")
        run("ip", "-n", f"{prefix}-{number}", "link", "set", "eth0", "up")
        run("ip", "-n", f"{prefix}-{number}", "addr", "add", f"192.0.2.{number}/24", "dev", "eth0")
        # The pods' end: an address of the subnet on the node itself, so that nothing but the tunnel is between.
        run("ip", "-n", f"{prefix}-{number}", "addr", "add", f"10.244.{number}.1/32", "dev", "lo")
    leases = {f"10.244.{number}.0-24": {"PublicIP": f"192.0.2.{number}", "BackendType": "udp"} for number in (1, 2)}
    json.dump(leases, open(os.path.join(work, "leases.json"), "w"))

def start(kind):
    processes = []
    for number in 1, 2:
        other = 3 - number
        if kind == "ours":
            command = [node, "--address", f"10.244.{number}.0/16", "--public-ip", f"192.0.2.{number}", "--leases", os.path.join(work, "leases.json")]
        else:
            command = [loop, "flannel0", f"10.244.{number}.0/16", f"192.0.2.{number}", f"10.244.{other}.0/24", f"192.0.2.{other}"]
        processes.append(inside(number, *command))
        wait_for_ready(processes[-1])
    # Packets leave with the pods' address.
    for number in 1, 2:
        run("ip", "-n", f"{prefix}-{number}", "route", "replace", f"10.244.{3 - number}.0/24", "dev", "flannel0", "src", f"10.244.{number}.1")
    return processes

def stop(processes):
    for process in processes:
        process.send_signal(signal.SIGINT)
    for process in processes:
        process.wait(10)
    time.sleep(0.3)

def measure(kind, protocol, size):
    processes = start(kind)
    try:
        receiver = inside(2, flood, "receive", protocol, "10.244.2.1:5001")
        wait_for_ready(receiver)
        inside(1, flood, "send", protocol, "10.244.2.1:5001", str(size), SECONDS).wait(30)
        packets, received, nanoseconds = map(int, receiver.communicate(timeout=30)[0].split())
        return packets * 1e6 / nanoseconds, received * 1e3 / nanoseconds
    finally:
        stop(processes)

def main():
    if os.geteuid() != 0:
        print("SKIPPED: the example node needs root")
        sys.exit(3)
    budgets = short = 0
    namespaces()
    try:
        for name, protocol, size, unit in [
            ("example node, 64-byte datagrams, kpackets/s", "udp", 64, 0),
            ("example node, 1400-byte datagrams, MB/s", "udp", 1400, 1),
            ("example node, a TCP stream, MB/s", "tcp", 1 << 16, 1),
        ]:
            best = {"ours": 0, "peer": 0}
            for _ in range(3):
                for kind in best:
                    best[kind] = max(best[kind], measure(kind, protocol, size)[unit])
            ratio = best["ours"] / best["peer"]
            budgets += 1
            short += ratio < 1.3
            print(f"{name:<44} {best['ours']:>9.1f} {best['peer']:>9.1f} {ratio:>7.2f} {'>=1.30':>7} {'ok' if ratio >= 1.3 else 'SHORT'}", flush=True)
    finally:
        for number in 1, 2:
            subprocess.run(["ip", "netns", "del", f"{prefix}-{number}"], stderr=subprocess.DEVNULL)
    print(f"{budgets} budgets, {short} short")

main()
