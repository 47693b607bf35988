# The sleeve's secretbox against PyNaCl, both ways. Sourced by interop/run.

. "$here/lib/forge.sh"
