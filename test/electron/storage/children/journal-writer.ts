import { writeSync } from 'node:fs';
import { createFileStore } from '../../../../electron/storage/file-store.ts';

// Appends to a session as fast as it can and prints each `seq` that was acknowledged, until it is killed.
const [root = '', id = ''] = process.argv.slice(2);
const log = { debug() {}, info() {}, warn() {}, error() {} };
const store = createFileStore({ root, log });
const session = await store.open(id).catch(() => store.create(id));
const { envelopes, snapshot } = await session.load();
let seq = Math.max(snapshot?.seq ?? 0, envelopes.at(-1)?.seq ?? 0);
let acknowledged = seq;
session.listen({
  flushed(flushed) {
    acknowledged = flushed;
    writeSync(1, `${flushed}\n`);
  },
  failed: (reason) => writeSync(1, `failed ${reason}\n`),
});

function burst(): void {
  // Always some lines in flight, never so many that a round takes long.
  for (let line = 0; line < 1 + (seq % 7) && seq < acknowledged + 25; line++) {
    seq += 1;
    const text = 'x'.repeat(seq % 97 === 0 ? 30_000 : (seq * 37) % 500);
    session.append({
      stream: id,
      seq,
      at: seq,
      event: { type: 'notice.posted', noticeId: `n${seq}`, level: 'info', text },
    });
  }
  setImmediate(burst);
}
burst();
