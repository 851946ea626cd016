package activity

// The jobs that activities leave behind; internal/remote does their work, JobErase aside.
const (
	JobDeliver  = "deliver"  // one signed POST: DeliverArgs, the body is the activity's payload
	JobParent   = "parent"   // look for the parent of a reply: ParentArgs
	JobBackfill = "backfill" // read a page of what an actor or an instance published: BackfillArgs
	JobErase    = "erase"    // bury what a deleted actor had published: EraseArgs
	JobReceive  = "receive"  // an activity delivered to an inbox; made by internal/fedi
	JobPictures = "pictures" // remove the files of pictures whose rows are gone: PicturesArgs; internal/media does it
	JobForward  = "forward"  // somebody else's activity, passed on as it came (AP §7.1.2): DeliverArgs, the body is in the job
)

// JobNotice has somebody written to at once about a notification: NoticeArgs.
const JobNotice = "notice"

// NoticeArgs name a notification.
type NoticeArgs struct {
	Notification int64 `json:"notification"`
}

// DeliverArgs say where a delivery goes and who signs it.
type DeliverArgs struct {
	Inbox string `json:"inbox"`
	Actor string `json:"actor"` // iri of the local actor
}

// ParentArgs name a parent to look for; Depth counts how far up the thread it is (S36).
type ParentArgs struct {
	IRI   string `json:"iri"`
	Depth int    `json:"depth,omitempty"`
}

// BackfillArgs name what to read. Cursor is the next page, "" for the first; Pages bounds the walk, 0 for the whole.
type BackfillArgs struct {
	Root   string `json:"root"`
	Cursor string `json:"cursor,omitempty"`
	Pages  int    `json:"pages,omitempty"`
}

// PicturesArgs name pictures by the stems of their files: those uploaded here, and those of other servers of which there may be copies.
type PicturesArgs struct {
	Names   []string `json:"names,omitempty"`
	Distant []string `json:"distant,omitempty"`
}

// EraseArgs name a deleted actor.
type EraseArgs struct {
	Actor int64 `json:"actor"`
}
