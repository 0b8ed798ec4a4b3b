// Where the provider keeps what it issued: in memory until it expires; registered clients also in a file,
// because a desktop client remembers its client id longer than this process lives.

import { readPrivate, writePrivate } from './keys.mjs';

const CLIENTS_FILE = 'registered-clients.json';
const MOST_CLIENTS = 500;
const MOST_ENTRIES = 50_000;

export function createStore(directory) {
  const entries = new Map();
  const clients = new Map(Object.entries(readPrivate(directory, CLIENTS_FILE) ?? {}));

  function get(key) {
    const entry = entries.get(key);
    if (entry && entry.expires <= Date.now()) {
      entries.delete(key);
      return undefined;
    }
    return entry?.payload;
  }

  function put(key, payload, seconds) {
    entries.delete(key);
    entries.set(key, { payload, expires: seconds ? Date.now() + seconds * 1000 : Infinity });
    while (entries.size > MOST_ENTRIES) entries.delete(entries.keys().next().value);
  }

  function saveClients() {
    while (clients.size > MOST_CLIENTS) clients.delete(clients.keys().next().value);
    writePrivate(directory, CLIENTS_FILE, Object.fromEntries(clients));
  }

  setInterval(() => {
    const now = Date.now();
    for (const [key, entry] of entries) if (entry.expires <= now) entries.delete(key);
  }, 60_000).unref();

  return (model) => (model === 'Client' ? clientAdapter() : tokenAdapter(model));

  function clientAdapter() {
    return {
      async find(id) { return clients.get(id); },
      async upsert(id, payload) { clients.set(id, payload); saveClients(); },
      async destroy(id) { clients.delete(id); saveClients(); },
    };
  }

  function tokenAdapter(model) {
    const key = (id) => `${model}:${id}`;
    return {
      async find(id) { return get(key(id)); },
      async findByUid(uid) { return get(`uid:${model}:${uid}`); },
      async findByUserCode() { return undefined; },
      async upsert(id, payload, seconds) {
        put(key(id), payload, seconds);
        if (payload.uid) put(`uid:${model}:${payload.uid}`, payload, seconds);
      },
      async consume(id) {
        const payload = get(key(id));
        if (payload) payload.consumed = Math.floor(Date.now() / 1000);
      },
      async destroy(id) {
        const payload = get(key(id));
        entries.delete(key(id));
        if (payload?.uid) entries.delete(`uid:${model}:${payload.uid}`);
      },
      async revokeByGrantId(grantId) {
        for (const [name, entry] of entries) {
          if (name.startsWith(`${model}:`) && entry.payload.grantId === grantId) entries.delete(name);
        }
      },
    };
  }
}
