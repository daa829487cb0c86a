// biome-ignore-all lint/suspicious/noTemplateCurlyInString: shell text, not templates
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decide } from '../../../electron/permissions/evaluate.ts';
import { makeTracedPlace, type TracedPlace } from './traced-run.ts';
import { bash, policy } from './workspace-fixture.ts';

const allow = [
  'Bash(good *)',
  'Bash(tool sub *)',
  'Bash(xargs *)',
  'Bash(find *)',
  'Bash(bash *)',
  'Bash(sudo *)',
  'Bash(env *)',
];
const evil = [
  'evil',
  'evil2',
  'rm',
  'go',
  'd',
  'ev',
  'il',
  'ood',
  'ls2',
  'lsevil',
  'goodevil',
  'echoevil',
  'then',
  'do',
];
const harmless = [
  'ls',
  'cat',
  'grep',
  'head',
  'wc',
  'sort',
  'sed',
  'git',
  'stat',
  'tr',
  'cut',
  'date',
  'whoami',
  'uname',
  'sleep',
];
const mine = ['good', 'tool'];

/** What may have been started under the rules above: listed programs, and those that only read. */
const isListed = (started: string): boolean => {
  const [name = '', first] = started.split(' ');
  if (name === 'tool') return first === 'sub';
  return name === 'good' || harmless.includes(name);
};

let place: TracedPlace;
beforeAll(async () => {
  // Names that a wildcard would turn into options and programs.
  const files = {
    evil: '#!/bin/sh\nevil\n',
    '-exec': '',
    '-c': '',
    'a.txt': 'evil\n',
    'b.txt': 'evil\n',
    good: '#!/bin/sh\nevil\n',
  };
  place = await makeTracedPlace([...mine, ...evil, ...harmless], files);
});
afterAll(() => place.remove());

const anyProgram = fc.constantFrom(
  ...[
    'good',
    'good',
    'tool',
    'tool',
    'evil',
    'evil2',
    'ls',
    'cat',
    'echo',
    'grep',
    'git',
    'find',
    'xargs',
    'env',
    'timeout',
    'nohup',
  ],
  ...[
    'nice',
    'bash',
    'sh',
    'eval',
    'command',
    'exec',
    'builtin',
    'time',
    'sudo',
    'printf',
    'test',
    '[',
    '[[',
    'cd',
    'set',
    'export',
  ],
  ...[
    'read',
    'source',
    '.',
    'trap',
    'alias',
    'unset',
    'exit',
    'sed',
    'sort',
    'true',
    'coproc',
    'function',
    'stdbuf',
    'hash',
    'shopt',
  ],
);

const program = fc.oneof(
  { weight: 2, arbitrary: fc.constantFrom('good', 'good a', 'tool sub') },
  { weight: 1, arbitrary: anyProgram },
);

const oddWord = fc.constantFrom(
  ...[
    'sub',
    'a',
    'evil',
    'good',
    '-c',
    '-n',
    '1',
    '5',
    '-exec',
    '-execdir',
    '{}',
    '\\;',
    '+',
    '--',
    '-I{}',
    '-x',
    '-',
    '~',
    '.',
    '-i',
  ],
  ...[
    '"evil"',
    "'evil'",
    'e"vi"l',
    '\\evil',
    "'good; evil'",
    '"good && evil"',
    "'evil $0'",
    '"$x"',
    '$x',
    '${x}',
    '"${x}"',
    '$y',
    '"$y"',
  ],
  ...[
    '$(evil)',
    '`evil`',
    '"$(evil)"',
    '<(evil)',
    '>(evil)',
    '${x:-$(evil)}',
    '$((1))',
    '${x@P}',
    '${!x}',
    "$'evil'",
    '$"evil"',
  ],
  ...[
    '*',
    '?vil',
    '[e]vil',
    '*.txt',
    '{evil,a}',
    'e{v,}il',
    '#',
    '#evil',
    'a#',
    '!',
    '{',
    '}',
    '(',
    ')',
    'x=1',
    'PATH=.',
    '=',
    '"$@"',
    '\\',
  ],
  ...[
    'then',
    'do',
    'done',
    'fi',
    'in',
    'a\\\nb',
    '\\\nevil',
    '"a\nevil"',
    "''",
    '""',
    '<<<',
    'EOF',
    '-print',
    '-name',
    '-e',
    '$',
    '$#',
  ],
);

const plainWord = fc.constantFrom(
  'sub',
  'a',
  'evil',
  '-x',
  '-n',
  '"evil"',
  "'good; evil'",
  '\\;evil',
  '$x',
  'a.txt',
  '--',
  '1',
  '*.txt',
);
const word = fc.oneof({ weight: 4, arbitrary: plainWord }, { weight: 1, arbitrary: oddWord });

const separator = fc.constantFrom(
  ';',
  '&&',
  '||',
  '|',
  '&',
  '\n',
  '|&',
  ' ; ',
  ';;',
  '\t',
  ' ',
  ';\n',
  '&& \\\n',
  '\r\n',
  ' \\\n',
  '#\n',
);
const redirect = fc.constantFrom(
  ...[
    '> out',
    '>> out',
    '2>&1',
    '> /dev/null',
    '< a.txt',
    '<<< evil',
    '<<< "$(evil)"',
    '&> out',
    '>& out',
    '2>&-',
    '<> out',
    '>| out',
  ],
  ...[
    '<<EOF\nevil\nEOF\n',
    "<<'EOF'\n$(evil)\nEOF\n",
    '<<EOF\n$(evil)\nEOF\n',
    '<<-EOF\n\tevil\n\tEOF\nevil',
    '<<"E"F evil\nx\nEF\n',
    '>$x',
  ],
);
const prefix = fc.constantFrom(
  '',
  '',
  '',
  '',
  '! ',
  'x=evil ',
  'PATH=. ',
  'IFS=d ',
  '> out ',
  'time ',
  'x=1; ',
  '{ ',
  '( ',
  'A=1 B=2 ',
);

const command = fc
  .tuple(prefix, program, fc.array(word, { maxLength: 4 }), fc.option(redirect, { freq: 5, nil: '' }))
  .map(([before, name, words, after]) => `${before}${[name, ...words].join(' ')} ${after}`.trim());

const line = fc.letrec<{ list: string; compound: string; one: string }>((tie) => ({
  one: fc.oneof({ weight: 5, arbitrary: command }, { weight: 2, arbitrary: tie('compound') }),
  list: fc.array(fc.tuple(tie('one'), separator), { minLength: 1, maxLength: 3 }).map((parts) => {
    const text = parts.map(([part, between]) => part + between).join(' ');
    return text.slice(0, text.length - (parts.at(-1)?.[1].length ?? 0));
  }),
  compound: fc
    .tuple(
      fc.constantFrom(
        ...[
          '(L)',
          '{ L; }',
          'if L; then L; fi',
          'while false; do L; done',
          'for i in a evil; do L; done',
          'f() { L; }; f',
          '! L',
        ],
        ...[
          'case a in a) L;; esac',
          'for good in evil; do L; done',
          'good() { L; }; good a',
          'f() ( L ); f evil',
          '$(L)',
          'bash -c "L"',
        ],
        ...[
          "bash -c 'L'",
          'eval "L"',
          'xargs L',
          'timeout 5 L',
          'env L',
          'find . -maxdepth 0 -exec L \\;',
          'sudo L',
          'nohup L',
          'command L',
        ],
        ...[
          '[[ -n x ]] && L',
          '(( 1 )) && L',
          'echo `L`',
          'L <<EOF\nL\nEOF\n',
          'until L; do L; break; done',
          'coproc L',
          '{ L; } > out',
        ],
      ),
      tie('list'),
      tie('list'),
    )
    .map(([shape, first, second]) => shape.replace('L', () => first).replace('L', () => second)),
})).list;

/** Lines near to allowed ones, with a few characters put in, taken out or doubled. */
const base = fc.constantFrom(
  ...[
    'good a b',
    'tool sub x',
    'good a && tool sub',
    'good "a b" | good',
    "good 'a' ; good",
    'if good; then good a; fi',
    'echo a evil',
  ],
  ...[
    'for i in a b; do good $i; done',
    "bash -c 'good evil'",
    'timeout 5 good evil',
    'xargs good evil',
    '(good; tool sub evil)',
  ],
  ...[
    "cat <<'EOF'\nevil\nEOF\ngood",
    'good # evil',
    'good \\\n evil',
    'find . -name evil -exec good {} \\;',
    'eval good evil',
    'good 2>&1',
  ],
  ...[
    'f() { good evil; }',
    'cat <<EOF\nevil\nEOF',
    'env good evil',
    'sudo good evil',
    'echo "evil" evil',
    'grep evil a.txt',
    '[ -f evil ]',
  ],
);
const noise = fc.constantFrom(
  ...[
    '"',
    "'",
    '\\',
    '$',
    '`',
    ';',
    '&',
    '|',
    '\n',
    '(',
    ')',
    '{',
    '}',
    '<',
    '>',
    '#',
    ' ',
    '\t',
    '*',
    '?',
    '[',
    ']',
    '!',
    '~',
    '=',
    ',',
  ],
  ...[
    'evil',
    ' evil ',
    ';evil',
    '\nevil',
    '$(',
    '<(',
    '<<',
    '<<<',
    'EOF',
    '\nEOF\n',
    '\\\n',
    '\r',
    '\u00a0',
    '\u200b',
    '$x',
    'x=',
    '-c',
    '0',
  ],
);
const mutated = fc
  .tuple(base, fc.array(fc.tuple(fc.nat(), fc.nat({ max: 2 }), noise), { minLength: 1, maxLength: 4 }))
  .map(([text, changes]) =>
    changes.reduce((now, [at, cut, insert]) => {
      const place = at % (now.length + 1);
      return now.slice(0, place) + insert + now.slice(place + cut);
    }, text),
  );

/** Only what is allowed runs; the property says what may have been started then. */
async function holds(text: string): Promise<void> {
  const { workspace, home } = place;
  const { decision } = await decide(bash(text), policy('manual', { allow }), { workspace, home });
  if (decision !== 'allow') return;
  const started = await place.run(text);
  expect(started.filter((one) => !isListed(one))).toEqual([]);
  expect(await place.newFiles()).toEqual([]);
}

const runs = Number(process.env.FUZZ_RUNS ?? 400);

describe('an allowed line starts nothing that is not listed', () => {
  it('the place itself works: a listed and an unlisted program leave their trace', async () => {
    expect(await place.run("good a; bash -c 'evil b'; xargs evil < /dev/null")).toEqual(['good a', 'evil b', 'evil ']);
  });

  it('whatever is generated from the grammar', { timeout: 600_000 }, () =>
    fc.assert(fc.asyncProperty(line, holds), { numRuns: runs }),
  );

  it('whatever is done to an allowed line', { timeout: 600_000 }, () =>
    fc.assert(fc.asyncProperty(mutated, holds), { numRuns: runs }),
  );

  it('enough of the generated lines are allowed for the test to mean something', async () => {
    const { workspace, home } = place;
    const lines = [...fc.sample(mutated, 200), ...fc.sample(line, 200)];
    const decisions = await Promise.all(
      lines.map((text) => decide(bash(text), policy('manual', { allow }), { workspace, home })),
    );
    expect(decisions.filter(({ decision }) => decision === 'allow').length).toBeGreaterThan(15);
  });
});
