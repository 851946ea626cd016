// Package httpx is what the surfaces of an instance share when they speak HTTP: one middleware around everything, whom a
// request really comes from, which form of a document it wants, how an error becomes a status, how JSON is written.
//
// It decides nothing about content, reads no database, and believes no header about the client's address unless the
// connection comes from a proxy the operator named (S38).
package httpx
