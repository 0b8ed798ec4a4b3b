// The signing key and the registered clients outlive a restart: both are files only their owner may read.

import { createHash, generateKeyPairSync } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export function readPrivate(directory, name) {
  try {
    return JSON.parse(readFileSync(join(directory, name), 'utf8'));
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw new Error(`${join(directory, name)} cannot be read (${error.message}). Remove it and start again.`);
  }
}

export function writePrivate(directory, name, value) {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const path = join(directory, name);
  writeFileSync(`${path}.new`, JSON.stringify(value), { mode: 0o600 });
  chmodSync(`${path}.new`, 0o600);
  renameSync(`${path}.new`, path);
}

export function loadKeys(directory) {
  const stored = readPrivate(directory, 'jwks.json');
  if (stored) return stored;
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const key = privateKey.export({ format: 'jwk' });
  const kid = createHash('sha256').update(JSON.stringify({ e: key.e, kty: key.kty, n: key.n })).digest('base64url');
  const keys = { keys: [{ ...key, kid, use: 'sig', alg: 'RS256' }] };
  writePrivate(directory, 'jwks.json', keys);
  return keys;
}
