// A small ActivityPub server built on Fedify: an implementation that shares no code with Essaim, driven over HTTP by the tests.
//
//   node fedify-peer.mjs PORT draft-cavage-http-signatures-12|rfc9421 [KEYS]
//
// It listens on 127.0.0.1 only, keeps everything in memory and has one actor, http://127.0.0.1:PORT/users/fed.
// The second argument is the family of signatures it tries first. KEYS is a file for the keys of the actor, so that it
// is the same actor after a restart. FEDIFY_LOG=debug shows what the library does.
//
// Control, all by GET, all answering JSON:
//   /_ctl/follow?q=ACTOR     Follow                       /_ctl/unfollow?q=ACTOR   Undo of that Follow
//   /_ctl/note?q=TEXT        Create{Note}                 /_ctl/event?q=NAME       Create{Event}
//   /_ctl/update?q=TEXT      Update of the last Note      /_ctl/delete             Delete of the last Note
//   /_ctl/announce?q=OBJECT  Announce                     /_ctl/like?q=OBJECT      Like
//   /_ctl/lookup?q=URL       the object as Fedify reads it, or null
//   /_ctl/log                what came in: {hit, signature} per POST, {in, id, actor, object} per verified activity,
//                            {error} and {unverified} for what went wrong
import { Temporal } from "@js-temporal/polyfill";
import { createServer } from "node:http";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createFederation, exportJwk, generateCryptoKeyPair, importJwk, InProcessMessageQueue, MemoryKvStore } from "@fedify/fedify";
import {
  Accept, Activity, Announce, Create, Delete, Endpoints, Event, Follow, isActor, Like, Note, Person, Place,
  PUBLIC_COLLECTION, Tombstone, Undo, Update,
} from "@fedify/vocab";
import { configure, getConsoleSink } from "@logtape/logtape";

const port = Number(process.argv[2]), firstKnock = process.argv[3], keyFile = process.argv[4];
if (!port || !["draft-cavage-http-signatures-12", "rfc9421"].includes(firstKnock)) {
  console.error("usage: node fedify-peer.mjs PORT draft-cavage-http-signatures-12|rfc9421 [KEYS]");
  process.exit(2);
}
const origin = `http://127.0.0.1:${port}`;
const me = { identifier: "fed" };

if (process.env.FEDIFY_LOG) {
  await configure({
    sinks: { console: getConsoleSink() },
    loggers: [{ category: "fedify", sinks: ["console"], lowestLevel: process.env.FEDIFY_LOG }, { category: ["logtape", "meta"], sinks: [] }],
  });
}

const journal = [];
const log = (entry) => { journal.push(entry); console.log(JSON.stringify(entry)); };

const followers = new Map(); // actor address -> recipient
const follows = new Map(); // actor address -> our Follow
const notes = new Map(); // number -> { note, create }
const events = new Map(); // number -> event
let lastNote;

// A counter beside the clock: two addresses made in one millisecond must differ, and a restart must not reuse any.
let made = 0;
const number = () => `${Date.now()}-${++made}`;
const address = (what) => new URL(`${origin}/${what}/${number()}`);

const makeKeys = () => Promise.all([generateCryptoKeyPair("RSASSA-PKCS1-v1_5"), generateCryptoKeyPair("Ed25519")]);
const readKeys = () =>
  Promise.all(JSON.parse(readFileSync(keyFile, "utf8")).map(async (pair) => ({
    privateKey: await importJwk(pair.privateKey, "private"),
    publicKey: await importJwk(pair.publicKey, "public"),
  })));
const keys = keyFile && existsSync(keyFile) ? await readKeys() : await makeKeys();
if (keyFile) {
  const jwk = async (pair) => ({ privateKey: await exportJwk(pair.privateKey), publicKey: await exportJwk(pair.publicKey) });
  writeFileSync(keyFile, JSON.stringify(await Promise.all(keys.map(jwk))), { mode: 0o600 });
}
const federation = createFederation({
  kv: new MemoryKvStore(),
  queue: new InProcessMessageQueue(),
  allowPrivateAddress: true,
  firstKnock,
  inboxChallengePolicy: { enabled: true },
});

federation.setNodeInfoDispatcher("/nodeinfo/2.1", () => ({
  software: { name: "fedify-peer", version: "1.0.0" },
  protocols: ["activitypub"],
  usage: { users: { total: 1 }, localPosts: notes.size, localComments: 0 },
}));
federation.setActorDispatcher("/users/{identifier}", async (ctx, identifier) => {
  if (identifier !== me.identifier) return null;
  const pairs = await ctx.getActorKeyPairs(identifier);
  return new Person({
    id: ctx.getActorUri(identifier),
    preferredUsername: identifier,
    name: "Fedify peer",
    url: new URL(`${origin}/@${identifier}`),
    inbox: ctx.getInboxUri(identifier),
    outbox: ctx.getOutboxUri(identifier),
    followers: ctx.getFollowersUri(identifier),
    following: ctx.getFollowingUri(identifier),
    endpoints: new Endpoints({ sharedInbox: ctx.getInboxUri() }),
    publicKey: pairs[0].cryptographicKey,
    assertionMethods: pairs.map((pair) => pair.multikey),
  });
}).setKeyPairsDispatcher(() => keys);
federation.setOutboxDispatcher("/users/{identifier}/outbox", () => ({ items: [...notes.values()].map((n) => n.create) }));
federation.setFollowersDispatcher("/users/{identifier}/followers", () => ({ items: [...followers.values()] }));
federation.setFollowingDispatcher("/users/{identifier}/following", () => ({ items: [...follows.keys()].map((id) => new URL(id)) }));
federation.setObjectDispatcher(Note, "/users/{identifier}/notes/{n}", (_ctx, { n }) => notes.get(n)?.note ?? null);
federation.setObjectDispatcher(Event, "/users/{identifier}/events/{n}", (_ctx, { n }) => events.get(n) ?? null);

const record = async (activity) =>
  log({
    in: activity.constructor.name,
    id: activity.id?.href,
    actor: activity.actorId?.href,
    object: await activity.toJsonLd({ format: "compact" }).catch(String),
  });
const inbox = federation.setInboxListeners("/users/{identifier}/inbox", "/inbox")
  .setSharedKeyDispatcher(() => me)
  .onError((_ctx, error) => log({ error: String(error) }));
inbox.on(Follow, async (ctx, follow) => {
  await record(follow);
  const who = await follow.getActor(ctx);
  followers.set(who.id.href, { id: who.id, inboxId: who.inboxId, endpoints: who.endpoints });
  await ctx.sendActivity(me, who, new Accept({ id: address("accepts"), actor: ctx.getActorUri(me.identifier), object: follow }));
});
inbox.on(Undo, async (ctx, undo) => {
  await record(undo);
  if ((await undo.getObject(ctx)) instanceof Follow) followers.delete(undo.actorId.href);
});
inbox.on(Activity, (_ctx, activity) => record(activity));
inbox.onUnverifiedActivity?.((_ctx, activity, reason) => {
  log({ unverified: activity?.constructor?.name, reason: JSON.stringify(reason).slice(0, 300) });
});

// toFollowers sends an activity to everyone who follows us, and to the extra actors named.
const toFollowers = async (ctx, activity, ...more) => {
  const all = new Map(followers);
  for (const actor of more) all.set(actor.id.href, actor);
  await ctx.sendActivity(me, [...all.values()], activity, { preferSharedInbox: true });
  return [...all.keys()];
};
const publicly = (ctx) => ({ to: PUBLIC_COLLECTION, cc: ctx.getFollowersUri(me.identifier) });

const actorAt = async (ctx, url) => {
  const found = await ctx.lookupObject(url);
  if (!isActor(found)) throw new Error(`no actor at ${url}`);
  return found;
};

// objectAndAuthor reads what is to be boosted or liked, and who must be told.
const objectAndAuthor = async (ctx, url) => {
  const documentLoader = await ctx.getDocumentLoader(me);
  const object = await ctx.lookupObject(url, { documentLoader });
  const author = await object?.getAttribution({ documentLoader });
  if (!isActor(author)) throw new Error(`no object with an author at ${url}`);
  return [object, author];
};

const control = {
  log: () => journal,
  async lookup(ctx, url) {
    const found = await ctx.lookupObject(url, { documentLoader: await ctx.getDocumentLoader(me) });
    return found ? await found.toJsonLd() : null;
  },
  async follow(ctx, url) {
    const target = await actorAt(ctx, url);
    const follow = new Follow({ id: address("follows"), actor: ctx.getActorUri(me.identifier), object: target.id, to: target.id });
    follows.set(target.id.href, follow);
    await ctx.sendActivity(me, target, follow);
    return { id: follow.id.href };
  },
  async unfollow(ctx, url) {
    const target = await actorAt(ctx, url), follow = follows.get(target.id.href);
    if (!follow) throw new Error(`not following ${url}`);
    follows.delete(target.id.href);
    const undo = new Undo({ id: address("undos"), actor: ctx.getActorUri(me.identifier), object: follow, to: target.id });
    await ctx.sendActivity(me, target, undo);
    return { id: undo.id.href };
  },
  async note(ctx, text) {
    const n = number(), published = Temporal.Now.instant();
    const id = ctx.getObjectUri(Note, { ...me, n }), actor = ctx.getActorUri(me.identifier);
    const note = new Note({ id, attribution: actor, content: text, published, ...publicly(ctx) });
    const create = new Create({ id: new URL("#create", id), actor, object: note, published, ...publicly(ctx) });
    notes.set(n, { note, create });
    lastNote = n;
    return { id: id.href, to: await toFollowers(ctx, create) };
  },
  async update(ctx, text) {
    const kept = notes.get(lastNote), updated = Temporal.Now.instant();
    if (!kept) throw new Error("no note to edit");
    kept.note = kept.note.clone({ content: text, updated });
    kept.create = kept.create.clone({ object: kept.note });
    const id = kept.note.id;
    const update = new Update({ id: new URL(`#update-${number()}`, id), actor: kept.create.actorId, object: kept.note, updated, ...publicly(ctx) });
    return { id: id.href, to: await toFollowers(ctx, update) };
  },
  async delete(ctx) {
    const kept = notes.get(lastNote);
    if (!kept) throw new Error("no note to delete");
    notes.delete(lastNote);
    const id = kept.note.id;
    const gone = new Delete({ id: new URL("#delete", id), actor: kept.create.actorId, object: new Tombstone({ id }), to: PUBLIC_COLLECTION });
    return { id: id.href, to: await toFollowers(ctx, gone) };
  },
  // The place carries no address: Fedify's Place has none, so this Event shows how we read one with a bare name.
  async event(ctx, name) {
    const n = number(), now = Temporal.Now.instant();
    const id = ctx.getObjectUri(Event, { ...me, n }), actor = ctx.getActorUri(me.identifier);
    const event = new Event({
      id, attribution: actor, name, content: "<p>Hackathon territorial</p>", published: now,
      startTime: now.add({ hours: 48 }), endTime: now.add({ hours: 72 }),
      location: new Place({ name: "Tiers-lieu" }), ...publicly(ctx),
    });
    events.set(n, event);
    const create = new Create({ id: new URL("#create", id), actor, object: event, published: now, ...publicly(ctx) });
    return { id: id.href, to: await toFollowers(ctx, create) };
  },
  async announce(ctx, url) {
    const [object, author] = await objectAndAuthor(ctx, url);
    const announce = new Announce({
      id: address("announces"), actor: ctx.getActorUri(me.identifier), object: object.id, published: Temporal.Now.instant(),
      to: PUBLIC_COLLECTION, ccs: [ctx.getFollowersUri(me.identifier), author.id],
    });
    return { id: announce.id.href, to: await toFollowers(ctx, announce, author) };
  },
  async like(ctx, url) {
    const [object, author] = await objectAndAuthor(ctx, url);
    const like = new Like({ id: address("likes"), actor: ctx.getActorUri(me.identifier), object: object.id, to: author.id });
    await ctx.sendActivity(me, author, like);
    return { id: like.id.href };
  },
};

const bodyOf = async (req) => {
  const parts = [];
  for await (const part of req) parts.push(part);
  return Buffer.concat(parts);
};
const signatureOf = (headers) => headers["signature-input"] ? "rfc9421" : headers.signature ? "cavage" : "none";

createServer(async (req, res) => {
  const send = async (response) => {
    res.writeHead(response.status, Object.fromEntries(response.headers));
    res.end(Buffer.from(await response.arrayBuffer()));
  };
  const url = new URL(req.url, origin);
  try {
    const body = await bodyOf(req);
    if (url.pathname.startsWith("/_ctl/")) {
      const name = url.pathname.slice("/_ctl/".length);
      if (!Object.hasOwn(control, name)) return await send(Response.json({ error: `no control ${name}` }, { status: 404 }));
      return await send(Response.json(await control[name](federation.createContext(url, undefined), url.searchParams.get("q") ?? "")));
    }
    if (req.method === "POST") {
      log({ hit: req.url, signature: signatureOf(req.headers), sig: (req.headers["signature-input"] ?? req.headers.signature ?? "").slice(0, 160) });
    }
    const headers = Object.entries(req.headers).flatMap(([k, v]) => [v].flat().map((x) => [k, x]));
    const request = new Request(url, { method: req.method, headers, body: ["GET", "HEAD"].includes(req.method) ? undefined : body });
    await send(await federation.fetch(request, { contextData: undefined, onNotAcceptable: () => new Response("not a page\n", { status: 406 }) }));
  } catch (error) {
    console.error(error);
    await send(Response.json({ error: String(error) }, { status: 500 }));
  }
}).listen(port, "127.0.0.1", () => console.log(`${origin}/users/fed first knock ${firstKnock}`));
