// The configuration of panva's oidc-provider: which tokens it issues, to whom, and for which audience.

import { randomBytes } from 'node:crypto';

import { errors, interactionPolicy } from 'oidc-provider';

import { OPAQUE_CLIENT, PLATFORM_AUDIENCE, PLATFORM_RESOURCE } from './settings.mjs';

const { Check } = interactionPolicy;
const HOUR = 3600;
const DAY = 24 * HOUR;

/** What a client gets that names no scope; `mcp` is the one scope of the services. */
export const DEFAULT_SCOPE = 'openid profile email groups mcp';
const RESOURCE_SCOPE = 'openid profile email groups offline_access mcp';

export function isLoopbackOrigin(origin) {
  const url = URL.parse(origin);
  return url !== null && ['http:', 'https:'].includes(url.protocol) && isLoopbackHost(url.hostname);
}

function isLoopbackHost(name) {
  return ['127.0.0.1', 'localhost', '[::1]'].includes(name);
}

export function configuration(settings, accounts, { keys, adapter }) {
  return {
    adapter,
    clients: settings.clients,
    jwks: keys,
    cookies: { keys: [randomBytes(32).toString('base64url')] },
    scopes: RESOURCE_SCOPE.split(' '),
    claims: {
      openid: ['sub', 'preferred_username', 'groups'],
      profile: ['name'],
      email: ['email', 'email_verified'],
      groups: ['groups'],
      acr: null, auth_time: null, iss: null, sid: null,
    },
    acrValues: ['pwd', 'mfa'],
    responseTypes: ['code'],
    pkce: { required: () => true },
    clientAuthMethods: ['none', 'client_secret_basic', 'client_secret_post'],
    ttl: {
      AccessToken: HOUR, AuthorizationCode: 60, ClientCredentials: HOUR, Grant: DAY, IdToken: HOUR,
      Interaction: HOUR, RefreshToken: DAY, Session: DAY,
    },
    features: {
      clientCredentials: { enabled: true },
      devInteractions: { enabled: false },
      introspection: { enabled: true },
      registration: { enabled: true, issueRegistrationAccessToken: false, idFactory: newClientId },
      resourceIndicators: { enabled: true, ...resourceIndicators(settings.resources) },
      revocation: { enabled: true },
    },
    interactions: { policy: policy(settings.firstParty), url: (_ctx, interaction) => `/login/${interaction.uid}` },
    findAccount: (_ctx, name) => accounts.find(name),
    extraTokenClaims: (ctx, token) => accessTokenClaims(ctx, token, settings, accounts),
    extraClientMetadata: { properties: ['software_id'], validator: registrationRules },
    issueRefreshToken: async (_ctx, client) => client.grantTypeAllowed('refresh_token'),
    expiresWithSession: async () => false,
    rotateRefreshToken: () => true,
    clientBasedCORS: (_ctx, origin) => isLoopbackOrigin(origin),
  };
}

/** RFC 8707: the audience of a token is the service it was asked for, or the platform as a whole. */
function resourceIndicators(resources) {
  return {
    defaultResource: async (ctx, client, oneOf) => {
      if (oneOf) return oneOf.length === 1 ? oneOf[0] : oneOf;
      return client.clientId === OPAQUE_CLIENT ? undefined : PLATFORM_RESOURCE;
    },
    useGrantedResource: async () => true,
    getResourceServerInfo: async (_ctx, resource, client) => {
      if (resource !== PLATFORM_RESOURCE && !resources.has(resource)) {
        throw new errors.InvalidTarget(`no such resource here: ask for ${[PLATFORM_RESOURCE, ...resources].join(', ')}`);
      }
      return {
        audience: resource === PLATFORM_RESOURCE ? PLATFORM_AUDIENCE : resource,
        scope: RESOURCE_SCOPE,
        accessTokenTTL: HOUR,
        accessTokenFormat: client.clientId === OPAQUE_CLIENT ? 'opaque' : 'jwt',
        jwt: { sign: { alg: 'RS256' } },
      };
    },
  };
}

function accessTokenClaims(ctx, token, settings, accounts) {
  if (token.kind === 'ClientCredentials') {
    return { groups: settings.clientGroups.get(token.clientId) ?? [] };
  }
  const { AuthorizationCode, RefreshToken } = ctx.oidc.entities;
  const { acr, amr, authTime } = AuthorizationCode ?? RefreshToken;
  const { sub, ...claims } = accounts.claims(token.accountId);
  return { ...claims, acr, amr, auth_time: authTime };
}

/**
 * Takes a registration as desktop MCP clients mean it, before the library judges it; nothing of ours is called sooner.
 * They send the scope "" for none, name no application type for a scheme of their own, and add redirect addresses
 * elsewhere to those on this machine: only the latter are registered, and the answer says so (RFC 7591 section 3.2.1).
 */
function newClientId(ctx) {
  const { body } = ctx.oidc;
  if (body.scope === '') delete body.scope;
  const addresses = Array.isArray(body.redirect_uris) ? body.redirect_uris : [];
  const here = addresses.filter(staysHere);
  if (here.length) body.redirect_uris = here;
  if (here.some((uri) => !isWeb(URL.parse(uri)))) body.application_type ??= 'native';
  return randomBytes(16).toString('base64url');
}

function isWeb(url) {
  return ['http:', 'https:'].includes(url.protocol);
}

/** On loopback, or a scheme of the application's own, which the operating system hands to it. */
function staysHere(uri) {
  const url = URL.parse(uri);
  return url !== null && (!isWeb(url) || isLoopbackHost(url.hostname));
}

/** Registration is open because it is reachable from this machine alone, and it can only name this machine. */
function registrationRules(ctx, _property, _value, metadata) {
  if (!ctx) return; // the seeded clients
  // The library has not looked at the types yet.
  if (![metadata.redirect_uris ?? []].flat().every(staysHere)) {
    throw new errors.InvalidClientMetadata('redirect_uris must be on loopback or use a scheme of the application');
  }
  const other = [metadata.grant_types ?? []].flat().find((type) => !['authorization_code', 'refresh_token'].includes(type));
  if (other) throw new errors.InvalidClientMetadata(`grant_types must not contain ${other}`);
}

function policy(firstParty) {
  const prompts = interactionPolicy.base();
  const { checks: login } = prompts.get('login');
  login.add(new Check('acr_values', 'a stronger login is required', 'login_required', ({ oidc }) => {
    const wanted = oidc.params.acr_values?.split(' ') ?? [];
    return wanted.length > 0 && !wanted.includes(oidc.acr) && !oidc.result?.login;
  }));
  const { checks: consent } = prompts.get('consent');
  const native = consent.find((check) => check.reason === 'native_client_prompt');
  const ask = native.check;
  native.check = (ctx) => !firstParty.has(ctx.oidc.client.clientId) && ask(ctx);
  return prompts;
}
