import { describe, expect, it } from 'vitest';
import { addressFor, allowingEntry } from '../../../electron/sandbox/domains.ts';
import { seatbeltProfile } from '../../../electron/sandbox/seatbelt.ts';
import { domainSchema } from '../../../shared/sandbox/sandbox-schema.ts';

describe('allowingEntry', () => {
  const cases: [string[], string, number, boolean][] = [
    [['example.com'], 'example.com', 443, true],
    [['example.com'], 'EXAMPLE.com.', 80, true],
    [['example.com'], 'example.com', 22, false],
    [['example.com'], 'www.example.com', 443, false],
    [['example.com'], 'evilexample.com', 443, false],
    [['*.example.com'], 'www.example.com', 443, true],
    [['*.example.com'], 'a.b.example.com', 443, true],
    [['*.example.com'], 'example.com', 443, false],
    [['*.example.com'], 'evilexample.com', 443, false],
    [['*.example.com'], 'example.com.evil.org', 443, false],
    [['example.com:8443'], 'example.com', 8443, true],
    [['example.com:8443'], 'example.com', 443, false],
    [['*'], 'anything.org', 443, true],
    [['*'], '10.0.0.1', 443, false],
    [['*.1'], '10.0.0.1', 443, false],
    [['10.0.0.1:8000'], '10.0.0.1', 8000, true],
    [[], 'example.com', 443, false],
  ];
  for (const [domains, host, port, allowed] of cases) {
    it(`${JSON.stringify(domains)} ${allowed ? 'lets' : 'does not let'} ${host}:${port} be reached [sandbox.network]`, () => {
      expect(allowingEntry(domains, host, port) !== undefined).toBe(allowed);
    });
  }
});

describe('addressFor', () => {
  it('follows no name into the own network, unless that was meant [sandbox.network]', async () => {
    expect(await addressFor(['*'], 'localhost', 80)).toMatchObject({ ok: false });
    expect(await addressFor(['localhost'], 'localhost', 80)).toMatchObject({ ok: true });
    expect(await addressFor(['*'], '169.254.169.254', 80)).toMatchObject({ ok: false });
    expect(await addressFor(['*.example.com'], 'evil.com\0.example.com', 443)).toMatchObject({ ok: false });
    expect(await addressFor(['*.example.com'], '::1%x.example.com', 443)).toMatchObject({ ok: false });
  });
});

describe('domainSchema', () => {
  it('takes hosts, wildcards at the front and ports, and nothing else', () => {
    const takes = (text: string) => domainSchema.safeParse(text).success;
    expect(['a.com', '*.a.com', '*', 'localhost:3000', '10.0.0.1', 'A-b.c'].map(takes)).not.toContain(false);
    const bad = ['', 'https://a.com', 'a.com/x', 'a .com', 'a*.com', '*a.com', '.a.com', 'a..com', 'a.com:', '-a.com'];
    expect(bad.map(takes)).not.toContain(true);
  });
});

describe('seatbeltProfile', () => {
  it('names inner places after outer ones, and cannot be broken out of by a name', () => {
    const profile = seatbeltProfile({
      workspace: '/Users/a/w',
      temp: '/private/tmp/t',
      writable: ['/Users/a/w"))(allow default)'],
      pinned: ['/Users/a/w/.git'],
      readOnly: ['/Users/a/w/.git/config'],
      hidden: [{ path: '/Users/a/.ssh', folder: true }],
      absent: [],
    });
    expect(profile).toContain('(subpath "/Users/a/w\\"))(allow default)")');
    const at = (text: string) => profile.indexOf(text);
    expect(at('(deny default)')).toBeLessThan(at('(subpath "/Users/a/w'));
    expect(at('(subpath "/Users/a/w')).toBeLessThan(at('(deny file-write* (subpath "/Users/a/w/.git/config"))'));
    expect(profile).not.toContain('network');
  });
});
