// Package text turns what people and other servers write into HTML that is safe
// to show, and back into plain text: sanitising, Markdown, mentions and
// hashtags, excerpts.
//
// Every HTML it returns is in one canonical form, a few tags that are always balanced, so that no text can break
// out of its place on a page. It follows S31, S40 and S41. It
// resolves nothing over the network, stores nothing, and knows no kind: the
// caller hands it the addresses of mentions and tags.
package text

// PolicyVersion grows with each change of what Sanitize lets through. HTML
// stored under an older version is sanitised again when it is shown.
const PolicyVersion = 1

// MaxInput is the longest text read, in bytes; what follows is cut off. It is
// the longest string a received document may hold (S28).
const MaxInput = 200_000
