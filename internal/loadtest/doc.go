// Package loadtest watches a running Essaim from outside, over loopback: a scripted piece of the fediverse beside a child process
// that serves one instance, what passes between the two, and what it costs.
//
// A Peer is many hosts in this process: each has a port of its own, serves actors, WebFinger, NodeInfo and an outbox, and an inbox
// that records. A Server is the program under watch, started, asked, killed and started again. Letters are signed ahead and sent by a
// Sender, which insists like any server that delivers. A Ledger reads the instance's database from beside it. Measure puts them
// together and prints a table: each operation beside its budget and the bare cost, taken in the same run, of what the
// operation cannot do without. The crash tests in test/crash use the same parts.
//
// What it refuses: to speak to anything but 127.0.0.0/8, to end a process it did not start, to judge (no figure is a failure, since
// machines differ), and to verify signatures as a peer: what Essaim signs is tested where it is made.
package loadtest
