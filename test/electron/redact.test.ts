import { describe, expect, it } from 'vitest';
import { createRedactor, redact, redactionMark } from '../../electron/redact.ts';
import { fc } from '../properties.ts';

// Assembled here so that no scanner takes this file for a leak.
const long = 'aB3dE5fG7hJ9kL1mN2pQ4rS6tU8vW0xY2zA4bC6';
const secrets: [string, string][] = [
  ['OpenAI key', `sk-${long}`],
  ['OpenAI project key', `sk-proj-${long}_${long}`],
  ['Anthropic key', `sk-ant-api03-${long}`],
  ['GitHub token', `ghp_${long.slice(0, 36)}`],
  ['GitHub fine-grained token', `github_pat_${long.slice(0, 22)}_${long}`],
  ['GitLab token', `glpat-${long.slice(0, 20)}`],
  ['AWS key id', 'AKIAIOSFODNN7EXAMPLE'],
  ['Slack token', 'xoxb-123456789012-abcdefghijkl'],
  ['Google key', `AIza${long.slice(0, 35)}`],
  ['npm token', `npm_${long.slice(0, 36)}`],
  ['Stripe key', `sk_live_${long.slice(0, 24)}`],
  ['JWT', 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9P'],
];

const hidden: [string, string, string][] = [
  ['password=hunter2', 'hunter2', `password=${redactionMark}`],
  ['PASSWORD: "correct horse"', 'correct', ''],
  ['{"password":"s3cr3t!"}', 's3cr3t!', `{"password":"${redactionMark}"}`],
  ['{\\"api_key\\":\\"0123456789abcdef01\\"}', '0123456789abcdef01', `{\\"api_key\\":\\"${redactionMark}\\"}`],
  ['export DEPLOY_TOKEN=9f8e7d6c5b4a39281706', '9f8e7d6c5b4a39281706', `export DEPLOY_TOKEN=${redactionMark}`],
  [`MY_SECRET='${long}'`, long, `MY_SECRET='${redactionMark}'`],
  ['STRIPE_KEY=5a1b2c3d4e5f6071', '5a1b2c3d4e5f6071', `STRIPE_KEY=${redactionMark}`],
  ['API_TOKEN=550e8400-e29b-41d4-a716-446655440000', '550e8400', `API_TOKEN=${redactionMark}`],
  ['x-api-key: 0a1b2c3d4e5f60718293', '0a1b2c3d', `x-api-key: ${redactionMark}`],
  ['Authorization: Basic dXNlcjpwYXNz', 'dXNlcjpwYXNz', `Authorization: Basic ${redactionMark}`],
  ['-H "Authorization: Bearer abcdefghijk"', 'abcdefghijk', ''],
  ['Bearer 0123456789abcdef', '0123456789abcdef', `Bearer ${redactionMark}`],
  ['postgres://app:p4ss@db:5432/x', 'p4ss', `postgres://app:${redactionMark}@db:5432/x`],
  ['curl "https://h/?access_token=0f1e2d3c4b5a6978&x=1"', '0f1e2d3c4b5a6978', ''],
  ['tool --password swordfish --port 80', 'swordfish', `tool --password ${redactionMark} --port 80`],
  ['cli --api-key 0f1e2d3c4b5a6978', '0f1e2d3c4b5a6978', `cli --api-key ${redactionMark}`],
];

const kept = [
  'commit 5b6cc08d1f2e3a4b5c6d7e8f90a1b2c3d4e5f607',
  'session 550e8400-e29b-41d4-a716-446655440000',
  `data:image/png;base64,iVBORw0KGgo${'AAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg'.repeat(4)}`,
  'sha512-8JrOUq1hC1wC1sMTSgeuwi/8y9KeUZlH9thgcPk67DbCI3cl711+2L9cP1DWqYmtHQfhoz==',
  'max_tokens: 4096, prompt_tokens=128000, totalTokens: 123456789012',
  'tokenizer = cl100k_base_v2_large',
  'primary_key: user_id, sort_key=created_at',
  'password: string; token: Token | undefined',
  'const password = readPassword(prompt)',
  `password=\${DB_PASSWORD} token: process.env.API_TOKEN_2`,
  'secretName: my-app-secret-2',
  'The bearer authentication-mechanism is described in RFC 6750',
  'class="sk-folding-cube-animation" risk-assessment-of-2024-quarter-1',
  'http://localhost:3000/users/@me and git@github.com:owner/repo.git',
  'npm run --workspace packages/token build',
  '-----BEGIN PUBLIC KEY-----\nMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A\n-----END PUBLIC KEY-----',
  'key: value, keyboard=qwerty, monkey=banana12345678',
];

describe('redact', () => {
  it.each(secrets)('hides a %s, alone and in a text', (_, secret) => {
    expect(redact(secret)).toBe(redactionMark);
    expect(redact(`before ${secret}, after`)).toBe(`before ${redactionMark}, after`);
    expect(redact(JSON.stringify({ text: `key: ${secret}` }))).not.toContain(secret);
  });

  it.each(hidden)('hides the value in %s', (text, secret, expected) => {
    expect(redact(text)).not.toContain(secret);
    if (expected) expect(redact(text)).toBe(expected);
  });

  it.each(kept)('leaves %s', (text) => {
    expect(redact(text)).toBe(text);
  });

  it('hides private key blocks, whole, escaped and cut short', () => {
    const body = `${long}\n${long}\n`;
    const block = `-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\n${body}-----END RSA PRIVATE KEY-----`;
    expect(redact(`a ${block} b`)).toBe(`a ${redactionMark} b`);
    expect(redact(JSON.stringify(block))).toBe(`"${redactionMark}"`);
    expect(redact(`-----BEGIN PRIVATE KEY-----\n${body}and then the log ends`)).toBe(
      `${redactionMark}\nand then the log ends`,
    );
  });

  it('changes nothing more when applied again', () => {
    const all = [...secrets.map(([, secret]) => secret), ...hidden.map(([text]) => text)].join('\n');
    expect(redact(redact(all))).toBe(redact(all));
    fc.assert(fc.property(fc.string(), (text) => redact(redact(text)) === redact(text)));
  });

  it('is linear on hostile input', () => {
    const pieces = [
      'sk-',
      'eyJ',
      'token=',
      '://a:',
      '-----BEGIN PRIVATE KEY-----',
      'password',
      'Bearer ',
      '--a',
      'key"  :',
      'A',
    ];
    const time = (piece: string, length: number) => {
      const text = piece.repeat(Math.ceil(length / piece.length));
      const start = performance.now();
      redact(text);
      return performance.now() - start;
    };
    for (const piece of pieces) {
      time(piece, 50_000);
      // Ten times the text may take ten times as long, far less than the hundredfold of a quadratic scan.
      expect(time(piece, 1_000_000), piece).toBeLessThan(Math.max(500, 40 * time(piece, 100_000)));
    }
  });
});

describe('createRedactor', () => {
  const key = 'k"ey/+\\with=odd?chars&9';
  const hide = createRedactor(() => [key, 'short', 'ollama']);

  it('hides a known key in every form it travels in', () => {
    const forms = [
      key,
      JSON.stringify({ key }),
      JSON.stringify(JSON.stringify({ key })),
      `https://h/?k=${encodeURIComponent(key)}`,
      Buffer.from(key).toString('hex'),
      Buffer.from(`user:${key}`).toString('base64'),
      Buffer.from(`u:${key}!`).toString('base64'),
      Buffer.from(`me:${key}??`).toString('base64url'),
    ];
    for (const form of forms) expect(hide(form), form).toContain(redactionMark);
    expect(hide(`x${key}y${key}`)).toBe(`x${redactionMark}y${redactionMark}`);
  });

  it('leaves words that only serve as keys, and everything else', () => {
    expect(hide('short ollama text')).toBe('short ollama text');
    expect(createRedactor(() => [])('anything')).toBe('anything');
  });

  it('asks for the keys anew', () => {
    const keys = ['first-key-1'];
    const later = createRedactor(() => keys);
    expect(later('second-key-2')).toBe('second-key-2');
    keys.push('second-key-2');
    expect(later('second-key-2')).toBe(redactionMark);
  });

  it('finds a key in base64 whatever stands around it', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (before, after) => {
        const text = Buffer.from(`${before}${key}${after}`).toString('base64');
        return hide(text).includes(redactionMark);
      }),
    );
  });
});
