// The login and consent steps between an authorization request and its answer.

import { randomBytes } from 'node:crypto';

import { consentForm, errorText, loginForm, page } from './pages.mjs';

const PATH = /^\/login\/(?<uid>[\w-]+)$/;
const LARGEST_FORM = 4096;

/** Koa middleware serving /login/:uid. */
export function interactions(provider, accounts) {
  return async (ctx, next) => {
    const uid = PATH.exec(ctx.path)?.groups.uid;
    if (!uid || !['GET', 'POST'].includes(ctx.method)) return next();
    const details = await find(ctx, uid);
    if (!details) {
      return show(ctx, 'Sign in', errorText({ error: 'expired', error_description: 'This login page has expired.' }), 400);
    }
    const client = await provider.Client.find(details.params.client_id);
    const view = {
      action: ctx.path,
      client: client.clientName ?? client.clientId,
      destination: new URL(details.params.redirect_uri).host || details.params.redirect_uri,
      account: details.session?.accountId,
    };
    const step = details.prompt.name === 'login' ? login : consent;
    return step(ctx, details, view);
  };

  async function find(ctx, uid) {
    try {
      const details = await provider.interactionDetails(ctx.req, ctx.res);
      return details.uid === uid ? details : undefined;
    } catch (error) {
      if (error.name === 'SessionNotFound') return undefined;
      throw error;
    }
  }

  async function login(ctx, details, view) {
    const strong = (details.params.acr_values ?? '').split(' ').includes('mfa');
    const render = (error, hint = details.params.login_hint) => show(ctx, 'Sign in', loginForm({
      ...view, error, hint, secondFactor: strong, names: accounts.names,
    }), error ? 401 : 200);

    if (ctx.method === 'GET') return render();
    const form = await readForm(ctx);
    if (form.get('cancel')) return finish(ctx, { error: 'access_denied', error_description: 'The login was cancelled.' });
    const name = form.get('login') ?? '';
    const known = accounts.passwordMatches(name, form.get('password') ?? '')
      && (!strong || accounts.codeMatches(name, form.get('code') ?? ''));
    if (!known) return render(strong ? 'The account, password or code is wrong.' : 'The account or password is wrong.', name);
    const amr = strong ? ['pwd', 'otp', 'mfa'] : ['pwd'];
    return finish(ctx, {
      login: { accountId: name, acr: strong ? 'mfa' : 'pwd', amr },
      consent: { grantId: await grantEverythingAsked(details, name) },
    });
  }

  async function consent(ctx, details, view) {
    if (ctx.method === 'GET') return show(ctx, 'Allow', consentForm(view));
    const form = await readForm(ctx);
    if (!form.get('allow')) return finish(ctx, { error: 'access_denied', error_description: 'Access was not allowed.' });
    return finish(ctx, { consent: { grantId: await grantEverythingAsked(details, details.session.accountId) } });
  }

  async function grantEverythingAsked(details, accountId) {
    const { client_id: clientId, scope = '', resource } = details.params;
    const grant = new provider.Grant({ accountId, clientId });
    grant.addOIDCScope(scope);
    for (const name of [resource ?? []].flat()) grant.addResourceScope(name, scope);
    return grant.save();
  }

  async function finish(ctx, result) {
    ctx.redirect(await provider.interactionResult(ctx.req, ctx.res, result));
    ctx.status = 303;
  }
}

export function show(ctx, title, body, status = 200) {
  const nonce = randomBytes(16).toString('base64');
  ctx.set({
    'Content-Security-Policy': `default-src 'none'; style-src 'nonce-${nonce}'; base-uri 'none'; frame-ancestors 'none'`,
    'Cache-Control': 'no-store',
    'Referrer-Policy': 'no-referrer',
  });
  ctx.status = status;
  ctx.type = 'html';
  ctx.body = page(title, body, nonce);
}

async function readForm(ctx) {
  let text = '';
  for await (const part of ctx.req) {
    text += part;
    if (text.length > LARGEST_FORM) ctx.throw(413, 'The form is too large.');
  }
  return new URLSearchParams(text);
}
