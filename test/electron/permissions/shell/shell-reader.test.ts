import { describe, expect, it } from 'vitest';
import { createShellReader } from '../../../../electron/permissions/shell/shell-command.ts';
import { createShellGrammar } from '../../../../electron/permissions/shell/shell-grammar.ts';
import { readPlainShell } from '../../../../electron/permissions/shell/shell-reader.ts';
import { literal } from '../../../../electron/permissions/shell/shell-word.ts';
import { loadShippedWasm } from '../../../../electron/permissions/shell/shipped-wasm.ts';

const read = createShellReader(createShellGrammar(loadShippedWasm));

const commandsOf = async (source: string): Promise<string[][]> =>
  (await read(source)).commands.map(({ words }) => words.map((word) => literal(word) ?? `?${word.source}`));

describe('reading a line', () => {
  it.each<[string, string[][]]>([
    ['a b', [['a', 'b']]],
    ['a | b && c; d & e', [['a'], ['b'], ['c'], ['d'], ['e']]],
    ['a "b c" \'d e\' f\\ g h"i"\'j\'', [['a', 'b c', 'd e', 'f g', 'hij']]],
    ['a > out b 2>&1 c', [['a', 'b', 'c']]],
    ['a "" \'\'', [['a', '', '']]],
    ['a "\\$x \\" \\\\ \\n"', [['a', '$x " \\ \\n']]],
    ['cat <<EOF b\nx y\nEOF\nc', [['cat', 'b'], ['c']]],
    ['if a; then b; elif c; then d; else e; fi', [['a'], ['b'], ['c'], ['d'], ['e']]],
    ['f() { a; }; f', [['a'], ['f']]],
    ['a; # b; c', [['a']]],
    ['a $x "$y"', [['a', '?$x', '?"$y"']]],
    ['a *.ts {b,c} ~', [['a', '?*.ts', '?{b,c}', '?~']]],
    ['a HEAD@{1} {} a{b}c', [['a', 'HEAD@{1}', '{}', 'a{b}c']]],
    [
      'timeout 5 nice a b',
      [
        ['timeout', '5', 'nice', 'a', 'b'],
        ['nice', 'a', 'b'],
        ['a', 'b'],
      ],
    ],
    ["bash -c 'a; b' x", [['bash', '-c', 'a; b', 'x'], ['a'], ['b']]],
    [
      'find . -exec a {} + -exec b \\;',
      [['find', '.', '-exec', 'a', '{}', '+', '-exec', 'b', ';'], ['a', '?{}'], ['b']],
    ],
  ])('%s', async (source, expected) => {
    expect((await read(source)).doubts).toEqual([]);
    expect(await commandsOf(source)).toEqual(expected);
  });

  it('finds commands inside of what it does not judge', async () => {
    expect(await commandsOf('a $(b `c`) <(d) "$(e)"')).toEqual([
      ['a', '?$(b `c`)', '?<(d)', '?"$(e)"'],
      ['b', '?`c`'],
      ['c'],
      ['d'],
      ['e'],
    ]);
    expect(await commandsOf('case x in y) a;; *) b;; esac')).toEqual([['a'], ['b']]);
  });

  it.each([
    ['a $(b)', 'a command substitution'],
    ['a=1 b', 'an environment variable that is set for a command (`a=`)'],
    ['PATH=x; a', 'a change of `PATH`'],
    ['$a b', 'a program whose name is known only when the line runs'],
    ['a (', 'syntax that cannot be parsed'],
    ['a\u00a0b', 'characters that cannot be seen'],
    ['eval "$x"', '`eval`, of which it cannot be told what it starts'],
    ['export A=1; b', '`export`, after which names may mean something else'],
  ])('%s: %s', async (source, doubt) => {
    expect((await read(source)).doubts).toContain(doubt);
  });
});

describe('bounds', () => {
  it.each([
    ['length', `echo ${'a'.repeat(70_000)}`],
    ['depth', `${'$('.repeat(500)}a${')'.repeat(500)}`],
    ['depth of groups', `${'{ '.repeat(2_000)}a${'; }'.repeat(2_000)}`],
    ['number of parts', 'a;'.repeat(30_000)],
    ['commands inside of commands', `${'timeout 1 '.repeat(50)}a`],
    ['scripts inside of scripts', 'eval eval eval eval eval eval a'],
    ['quadratic quoting', `${'"$('.repeat(3_000)}`],
  ])('%s is refused, and soon', async (_, source) => {
    const started = performance.now();
    const line = await read(source);
    expect(line.doubts.length).toBeGreaterThan(0);
    expect(line.hidden).toBe(true);
    expect(performance.now() - started).toBeLessThan(5_000);
  });

  it('a grammar that cannot be loaded refuses, and is tried again', async () => {
    let broken = true;
    const withTree = createShellGrammar((name) => (broken ? Promise.reject(new Error('gone')) : loadShippedWasm(name)));
    const own = createShellReader(withTree);
    expect(await own('ls')).toMatchObject({ parsed: false, hidden: true, doubts: ['the shell grammar failed: gone'] });
    broken = false;
    expect(await own('ls')).toMatchObject({ parsed: true, doubts: [] });
  });
});

describe('the second reader refuses what is not plain', () => {
  it.each([
    'a `b`',
    'a $(b)',
    'a <(b)',
    'a ((',
    '((a))',
    '[[ a ]]',
    'case a in b) c;; esac',
    'a[1]=2',
    'np\\\nm',
    "a 'b",
    'a "b',
    'a \\',
    'a <<X\nb',
  ])('%j', (source) => {
    expect(readPlainShell(source).ok).toBe(false);
  });
});
