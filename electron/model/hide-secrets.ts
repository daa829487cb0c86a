/** Replaces the key, secret headers and a password in the address wherever a message would show them. */
export function secretHider(secrets: {
  baseUrl: string;
  apiKey?: string | undefined;
  headers?: Record<string, string> | undefined;
}): (text: string) => string {
  const values = Object.entries(secrets.headers ?? {})
    .filter(([name]) => /auth|key|token|secret|cookie/i.test(name))
    .map(([, value]) => value.replace(/^(bearer|basic) /i, ''));
  const password = /^\w+:\/\/[^/@]*:([^/@]+)@/.exec(secrets.baseUrl)?.[1];
  values.push(secrets.apiKey ?? '', password ?? '');
  // Shorter ones are placeholders that local servers accept; hiding them would only garble messages.
  const hidden = values.filter((secret) => secret.length >= 6);
  return (text) => hidden.reduce((shown, secret) => shown.split(secret).join('[key]'), text);
}
