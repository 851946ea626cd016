// Package mail sends letters: to a person who signs up, to one who is mentioned, to those who want the week in one letter.
//
// A [Letter] says what is to be said and holds no markup; it is rendered as plain text and as HTML, each whole by itself. [Outbox.Queue] puts letters in
// the transaction of what causes them (LB17), a worker hands them to a [Carrier]: [SMTP], the operator's mail server, or [Console], the screen of the
// demonstration. What was committed is sent at least once, and its Message-ID, made from the job, is the same at every attempt.
//
// What it refuses: to dial (the operator's dialer of law 5 is handed to it), to speak to a mail server in the clear unless it is on this machine, to
// write a header out of anything that could end it, to load a picture or count who reads, and to decide who is told of what.
package mail
