// Settings from the environment, and the seeded accounts and clients.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const listed = (text) => (text ?? '').split(',').map((part) => part.trim()).filter(Boolean);

/** The audience every service of the platform accepts, and the resource name that asks for it. */
export const PLATFORM_AUDIENCE = 'mcp-platform';
export const PLATFORM_RESOURCE = 'urn:mcp-platform';

/** Its access tokens are opaque, so that the userinfo and introspection paths can be exercised. */
export const OPAQUE_CLIENT = 'mcp-platform-opaque';

export function readSettings(env = process.env) {
  if ((env.ENVIRONMENT ?? 'development') !== 'development') {
    throw new Error(
      'This OpenID provider has seeded accounts with known passwords and refuses to start outside development. '
      + 'Point oidc/config in Vault at your own provider instead.',
    );
  }
  const port = Number(env.PORT ?? 9000);
  if (!Number.isInteger(port) || port < 1 || port > 65535) {
    throw new Error(`PORT is ${env.PORT}: expected a number between 1 and 65535.`);
  }
  const clients = JSON.parse(readFileSync(env.OIDC_CLIENTS ?? here('clients.json'), 'utf8'));
  return {
    port,
    issuer: env.OIDC_ISSUER ?? `http://127.0.0.1:${port}`,
    stateDirectory: env.OIDC_STATE_DIR ?? here('../../.run/oidc'),
    resources: new Set(listed(env.OIDC_RESOURCES).flatMap(spellings)),
    accounts: JSON.parse(readFileSync(env.OIDC_ACCOUNTS ?? here('accounts.json'), 'utf8')),
    clients: clients.map(({ groups, ...metadata }) => metadata),
    firstParty: new Set(clients.map((client) => client.client_id)),
    clientGroups: new Map(clients.map((client) => [client.client_id, client.groups ?? []])),
  };
}

/** MCP clients name a service with and without the trailing slash. */
function spellings(url) {
  const bare = url.replace(/\/$/, '');
  return [bare, `${bare}/`];
}
