# Makes the labs of doctor_vm_faults.sh, in the virtual machine. LABS are those to be made; what comes of them is beside this script.
set -euo pipefail
made=$(cd "$(dirname "$0")" && pwd)
mkdir -p /mnt/lib /mnt/work
cp "$made"/doctor_* "$made/namespaces.sh" /mnt/lib
here=/mnt work=/mnt/work prefix=lab
export TMPDIR=/mnt/work

. "$here/lib/namespaces.sh"
. "$here/lib/doctor_nodes.sh"
. "$here/lib/doctor_labs.sh"
. "$here/lib/doctor_vm_faults.sh"
# One after another where times count.
all=$LABS
timed=() others=()
for name in $all; do if [[ $name = delay-* ]]; then timed+=("$name"); else others+=("$name"); fi; done
LABS=${timed[*]}
[ -z "$LABS" ] || make_labs 1
LABS=${others[*]}
[ -z "$LABS" ] || make_labs 4
cp "$work"/*.pcap "$work"/*.status "$work"/*.out "$made"
