package jobs

// Renew does at once what a process at work does every few seconds.
var Renew = (*Queue).renew

// Hold is how long a claim stands by itself.
const Hold = hold
