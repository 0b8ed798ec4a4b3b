// Seeded people: their passwords, their one-time codes, and what tokens say about them.

import { createHmac, createHash, timingSafeEqual } from 'node:crypto';

const STEP_SECONDS = 30;

export class Accounts {
  #people;

  constructor(people) {
    this.#people = new Map(Object.entries(people));
  }

  get names() {
    return [...this.#people.keys()];
  }

  /** Compared as digests, so that neither length nor content shows in the time taken. */
  passwordMatches(name, password) {
    const digest = (text) => createHash('sha256').update(text).digest();
    const expected = this.#people.get(name)?.password;
    return timingSafeEqual(digest(password), digest(expected ?? '')) && Boolean(expected);
  }

  /** RFC 6238 over the account's password as shared secret: a second factor one can rehearse step-up with. */
  oneTimeCode(name, now = Date.now()) {
    const counter = Buffer.alloc(8);
    counter.writeBigUInt64BE(BigInt(Math.floor(now / 1000 / STEP_SECONDS)));
    const mac = createHmac('sha1', this.#people.get(name)?.password ?? '').update(counter).digest();
    const number = mac.readUInt32BE(mac[19] & 0xf) & 0x7fffffff;
    return String(number % 1_000_000).padStart(6, '0');
  }

  codeMatches(name, code) {
    const now = Date.now();
    return [0, -1, 1].some((step) => this.oneTimeCode(name, now + step * STEP_SECONDS * 1000) === code);
  }

  /** What access tokens, ID tokens and userinfo say about a person. */
  claims(name) {
    const person = this.#people.get(name);
    return {
      sub: name,
      preferred_username: name,
      name: person.name,
      email: `${name}@example.com`,
      email_verified: true,
      groups: person.groups,
    };
  }

  /** The form oidc-provider asks for; undefined when there is no such person. */
  find(name) {
    if (!this.#people.has(name)) return undefined;
    return { accountId: name, claims: async () => this.claims(name) };
  }
}
