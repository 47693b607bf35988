# The doctor's labs that a virtual machine makes: one function each, in which a fault is really made; those named healthy or delay have none. What
# each must show, and where, is in testdata/doctor-vm/expected.tsv. Sourced by doctor-vm.sh, and in the machine.

labs="delay-5-12 delay-20-20"

# Each way takes so long between the nodes, in milliseconds.
delayed() { # THERE BACK
    flannel
    ns mid tc qdisc add dev to-2 root netem limit 10000 delay "$1ms"
    ns mid tc qdisc add dev to-1 root netem limit 10000 delay "$2ms"
    dump "$lab-pod" 1a eth0; both
    dump "$lab-there-1" 1 eth0 src 192.0.2.1; dump "$lab-there-2" 2 eth0 src 192.0.2.1
    # So many that it does not matter how hundredths are counted.
    ns 2a ping -q -i 0.09 -c 40 -s 16 "$pod_1" &
    ns 1a ping -q -i 0.05 -c 70 -s 16 "$pod_2"
    wait $!
}
lab_delay_5_12() { delayed 5 12; }
lab_delay_20_20() { delayed 20 20; }
