package vocab_test

import (
	"encoding/json"
	"testing"

	"essaim/federation/vocab"
)

// mastodonNote has the size and shape of what a busy inbox sees most: 1.5 KB, a mention, a hashtag, an image, unknown terms.
const mastodonNote = `{"@context":["https://www.w3.org/ns/activitystreams",{"ostatus":"http://ostatus.org#","atomUri":"ostatus:atomUri","inReplyToAtomUri":"ostatus:inReplyToAtomUri","conversation":"ostatus:conversation","sensitive":"as:sensitive","toot":"http://joinmastodon.org/ns#","votersCount":"toot:votersCount","Hashtag":"as:Hashtag"}],
"id":"https://mastodon.example/users/yann/statuses/113000000000000003","type":"Note","summary":null,"inReplyTo":null,"published":"2026-11-23T09:00:00Z","url":"https://mastodon.example/@yann/113000000000000003","attributedTo":"https://mastodon.example/users/yann","to":["https://www.w3.org/ns/activitystreams#Public"],"cc":["https://mastodon.example/users/yann/followers","https://innov.bzh.example/actors/mobilite_rurale"],"sensitive":false,"atomUri":"https://mastodon.example/users/yann/statuses/113000000000000003","conversation":"tag:mastodon.example,2026-11-23:objectId=1:objectType=Conversation",
"content":"<p>Bravo pour le pilote, <span class=\"h-card\"><a href=\"https://innov.bzh.example/@mobilite_rurale\" class=\"u-url mention\">@<span>mobilite_rurale</span></a></span> !</p>","contentMap":{"fr":"<p>Bravo pour le pilote !</p>"},"attachment":[{"type":"Document","mediaType":"image/jpeg","url":"https://files.mastodon.example/a.jpg","name":"Un arrêt de bus","blurhash":"UBL_:rOpGG-oBUNG","width":1200,"height":800}],"tag":[{"type":"Mention","href":"https://innov.bzh.example/actors/mobilite_rurale","name":"@mobilite_rurale@innov.bzh.example"}],"replies":{"id":"https://mastodon.example/users/yann/statuses/113000000000000003/replies","type":"Collection","first":{"type":"CollectionPage","items":[]}}}`

func BenchmarkParseNote(b *testing.B)  { benchmarkParse(b, []byte(mastodonNote)) }
func BenchmarkParseEvent(b *testing.B) { benchmarkParse(b, example(b, "06-create-event.json")) }

func benchmarkParse(b *testing.B, raw []byte) {
	b.SetBytes(int64(len(raw)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := vocab.Parse(raw); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkUnmarshalNote is the bare operation beside ours: encoding/json into a map, without any guard.
func BenchmarkUnmarshalNote(b *testing.B) {
	raw := []byte(mastodonNote)
	b.SetBytes(int64(len(raw)))
	b.ReportAllocs()
	for b.Loop() {
		var m map[string]any
		if err := json.Unmarshal(raw, &m); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkReadNote(b *testing.B) {
	o := parse(b, mastodonNote)
	b.ReportAllocs()
	for b.Loop() {
		vocab.ReadTags(o)
		vocab.ReadPictures(o)
		if o.Link("url") == "" || o.Time("published").IsZero() {
			b.Fatal("not read")
		}
	}
}

func BenchmarkDocumentNote(b *testing.B) { benchmarkDocument(b, parse(b, mastodonNote)) }
func BenchmarkDocumentEvent(b *testing.B) {
	benchmarkDocument(b, parse(b, string(example(b, "06-create-event.json"))))
}

func benchmarkDocument(b *testing.B, o *vocab.Object) {
	b.ReportAllocs()
	for b.Loop() {
		if len(o.Document()) == 0 {
			b.Fatal("empty")
		}
	}
}
