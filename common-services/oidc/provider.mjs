// The OpenID provider of the embedded run: panva's oidc-provider on loopback, with seeded accounts.

import { Provider } from 'oidc-provider';

import { Accounts } from './accounts.mjs';
import { configuration, DEFAULT_SCOPE, isLoopbackOrigin } from './configuration.mjs';
import { interactions, show } from './interactions.mjs';
import { loadKeys } from './keys.mjs';
import { errorText } from './pages.mjs';
import { readSettings } from './settings.mjs';
import { createStore } from './store.mjs';

export function createProvider(settings) {
  const accounts = new Accounts(settings.accounts);
  const provider = new Provider(settings.issuer, {
    ...configuration(settings, accounts, {
      keys: loadKeys(settings.stateDirectory),
      adapter: createStore(settings.stateDirectory),
    }),
    renderError: (ctx, out) => show(ctx, 'Error', errorText(out), ctx.status),
  });
  provider.use(onlyOwnNames(settings));
  provider.use(registrationFromBrowsers);
  provider.use(defaultScope);
  provider.use(interactions(provider, accounts));
  provider.on('server_error', (_ctx, error) => console.error(error));
  return provider;
}

/** A page on another name that resolves to loopback must not reach the provider (DNS rebinding). */
function onlyOwnNames({ issuer, port }) {
  const names = new Set([new URL(issuer).host, `127.0.0.1:${port}`, `localhost:${port}`]);
  return async (ctx, next) => {
    if (!names.has(ctx.get('Host'))) ctx.throw(421, 'This provider does not answer to that Host.');
    if (ctx.path === '/healthz') {
      ctx.body = { status: 'ok' };
      return undefined;
    }
    return next();
  };
}

/** The registration endpoint answers no preflight of its own; MCP clients that live in a browser page need one. */
async function registrationFromBrowsers(ctx, next) {
  const origin = ctx.get('Origin');
  if (ctx.path !== '/reg' || !isLoopbackOrigin(origin)) return next();
  ctx.vary('Origin');
  ctx.set('Access-Control-Allow-Origin', origin);
  if (ctx.method !== 'OPTIONS') return next();
  ctx.set({ 'Access-Control-Allow-Methods': 'POST', 'Access-Control-Allow-Headers': ctx.get('Access-Control-Request-Headers') });
  ctx.status = 204;
  return undefined;
}

/** RFC 6749 section 3.3: a request without a scope gets the default one. */
async function defaultScope(ctx, next) {
  if (ctx.path === '/auth' && ctx.method === 'GET' && !ctx.query.scope) {
    ctx.query = { ...ctx.query, scope: DEFAULT_SCOPE };
  }
  return next();
}

function main() {
  let settings;
  try {
    settings = readSettings();
  } catch (error) {
    console.error(error.message);
    process.exit(1);
  }
  const server = createProvider(settings).listen(settings.port, '127.0.0.1', () => {
    console.log(`OpenID provider ready at ${settings.issuer}`);
  });
  server.on('error', (error) => {
    console.error(`The OpenID provider cannot listen on 127.0.0.1:${settings.port}: ${error.message}`);
    process.exit(1);
  });
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.on(signal, () => {
      server.close(() => process.exit(0));
      server.closeAllConnections();
    });
  }
}

main();
