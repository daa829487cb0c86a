import { describe, expect, test } from 'vitest';
import { type Intent, understand } from '../../../../electron/model/demo/intent.ts';

const cases: [string, Intent | Intent[]][] = [
  ['List the files', { kind: 'list', path: '.' }],
  ['what files are here?', { kind: 'list', path: '.' }],
  ['ls src', { kind: 'list', path: 'src' }],
  ['list all files in the src folder', { kind: 'list', path: 'src' }],
  ['read README.md', { kind: 'read', file: 'README.md' }],
  ['Read the README', { kind: 'read', file: 'README.md' }],
  ['show me src/index.ts', { kind: 'read', file: 'src/index.ts' }],
  ['what does package.json say', { kind: 'read', file: 'package.json' }],
  ['read "my notes.txt"', { kind: 'read', file: 'my notes.txt' }],
  ['search for TODO', { kind: 'search', text: 'TODO' }],
  ['Search for "hello world" in src', { kind: 'search', text: 'hello world', path: 'src' }],
  ['Search README.md for teh', { kind: 'search', text: 'teh', path: 'README.md' }],
  ['search the project for teh', { kind: 'search', text: 'teh' }],
  ['where is createGreeting used?', { kind: 'search', text: 'createGreeting' }],
  ['find all *.ts files', { kind: 'findFiles', pattern: '*.ts' }],
  ['find files named foo', { kind: 'findFiles', pattern: '**/*foo*' }],
  ['Summarise the structure of this project', { kind: 'summarise' }],
  ['give me an overview', { kind: 'summarise' }],
  ['look at src', { kind: 'look', path: 'src' }],
  ['what is in src?', { kind: 'look', path: 'src' }],
  ['Look at `src` in this workspace and report what is there.', { kind: 'look', path: 'src' }],
  ['In parallel look at src, test and README.md', { kind: 'parallel', targets: ['src', 'test', 'README.md'] }],
  ['look at src and test in parallel', { kind: 'parallel', targets: ['src', 'test'] }],
  ['Explore a, b, and c at the same time and tell me', { kind: 'parallel', targets: ['a', 'b', 'c'] }],
  ['Fix the typo in README.md', { kind: 'fixTypos', file: 'README.md' }],
  ['Create a file notes.txt with "hello"', { kind: 'create', file: 'notes.txt', content: 'hello' }],
  ['Create the file a/b.txt with the content "one\\ntwo"', { kind: 'create', file: 'a/b.txt', content: 'one\ntwo' }],
  ['create notes.txt containing hello there', { kind: 'create', file: 'notes.txt', content: 'hello there' }],
  ['create a file a.md with:\n```md\n# Hi\n\n"x"\n```', { kind: 'create', file: 'a.md', content: '# Hi\n\n"x"\n' }],
  ['write "abc" to x.txt', { kind: 'create', file: 'x.txt', content: 'abc' }],
  ['Create an empty file x.txt', { kind: 'create', file: 'x.txt', content: '' }],
  ['Replace "teh" with "the" in README.md', { kind: 'replace', file: 'README.md', from: 'teh', to: 'the', all: false }],
  ['change all a to b in x.txt', { kind: 'replace', file: 'x.txt', from: 'a', to: 'b', all: true }],
  ['In x.md replace "a b" with "c"', { kind: 'replace', file: 'x.md', from: 'a b', to: 'c', all: false }],
  ['Run `ls -la`.', { kind: 'run', command: 'ls -la' }],
  ['please run echo "a b" && ls', { kind: 'run', command: 'echo "a b" && ls' }],
  ['run the command `sleep 30`', { kind: 'run', command: 'sleep 30' }],
  [
    'Read a.md, and then run `ls`.',
    [
      { kind: 'read', file: 'a.md' },
      { kind: 'run', command: 'ls' },
    ],
  ],
  ['Search for "then" in docs', { kind: 'search', text: 'then', path: 'docs' }],
];

test.each(cases)('%s', (prompt, expected) => {
  expect(understand(prompt)).toEqual([expected].flat());
});

test('only the newest of several prompts in one message is followed', () => {
  expect(understand('run `rm -rf x`\n\nlist the files')).toEqual([{ kind: 'list', path: '.' }]);
});

describe('nothing is written or run without an explicit order', () => {
  test.each([
    'hello',
    'what can you do?',
    'run the tests',
    'Run it again',
    "don't run `rm`",
    'What happens if I run `rm x`?',
    'How do I run `x`?',
    'Do not create a file x.txt with "a"',
    'is it safe to run rm?',
    'write a poem',
    'delete README.md',
    'The log says "run `rm`"',
  ])('%s', (prompt) => {
    expect(understand(prompt)).toEqual([{ kind: 'help' }]);
  });
});
