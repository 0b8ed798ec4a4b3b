// The pages a person sees: login, consent and error.

const STYLE = `
  :root { color-scheme: light dark; --line: #8886; --accent: #0b5cad; }
  body { font: 16px/1.5 system-ui, sans-serif; display: grid; place-items: center; min-height: 100vh; margin: 0 }
  main { width: min(22rem, 90vw); padding: 2rem; border: 1px solid var(--line); border-radius: .75rem }
  h1 { font-size: 1.25rem; margin: 0 0 .5rem } label { display: block; margin: .75rem 0 }
  p { margin: .5rem 0 } .error { color: #b3261e } .note { opacity: .7; font-size: .875rem }
  input { box-sizing: border-box; width: 100%; font: inherit; padding: .5rem; border: 1px solid var(--line); border-radius: .4rem }
  button { font: inherit; padding: .5rem 1rem; border-radius: .4rem; border: 1px solid var(--accent) }
  button.main { background: var(--accent); color: white }
`;

export function escape(text) {
  return String(text ?? '').replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

export function page(title, body, nonce) {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>${escape(title)}</title>
<style nonce="${nonce}">${STYLE}</style></head><body><main>${body}</main></body></html>`;
}

export function loginForm({ action, client, destination, hint, secondFactor, error, names }) {
  return `<h1>Sign in</h1>
<p><strong>${escape(client)}</strong> wants to use the tools you may use.</p>
<p class="note">Signing in allows it, and sends you back to ${escape(destination)}.</p>
${error ? `<p class="error" role="alert">${escape(error)}</p>` : ''}
<form method="post" action="${escape(action)}">
<label>Account <input name="login" value="${escape(hint)}" autocomplete="username" required autofocus></label>
<label>Password <input name="password" type="password" autocomplete="current-password" required></label>
${secondFactor ? '<label>One-time code <input name="code" inputmode="numeric" autocomplete="one-time-code" required></label>' : ''}
<button class="main">Sign in</button> <button name="cancel" value="yes" formnovalidate>Cancel</button></form>
<p class="note">Accounts of this demonstration: ${names.map(escape).join(', ')}; the password is the account's name and “-demo”.</p>`;
}

export function consentForm({ action, client, destination, account }) {
  return `<h1>Allow ${escape(client)}?</h1>
<p>It will use the tools you may use, as <strong>${escape(account)}</strong>.</p>
<p class="note">You are sent back to ${escape(destination)}.</p>
<form method="post" action="${escape(action)}">
<button class="main" name="allow" value="yes">Allow</button> <button name="cancel" value="yes">Cancel</button></form>`;
}

export function errorText(out) {
  return `<h1>This did not work</h1><p>${escape(out.error_description ?? out.error)}</p>
<p class="note">${escape(out.error)}. Go back to your application and begin again.</p>`;
}
