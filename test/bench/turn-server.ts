import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { performance } from 'node:perf_hooks';

/**
 * A model that asks for `turns` reads of `a.txt`, no two alike, and then answers. It keeps nothing of what it is sent: a server that
 * held a thousand long histories would measure itself.
 */
export async function startTurnServer(turns: number) {
  /** Milliseconds between the last byte of a reply and the whole of the next request. */
  const gaps: number[] = [];
  let endedAt: number | undefined;
  let turn = 0;
  const server = http.createServer((request, response) => {
    request.resume();
    request.on('end', () => {
      if (endedAt !== undefined) gaps.push(performance.now() - endedAt);
      turn += 1;
      const args = JSON.stringify({ file_path: 'a.txt', limit: turn });
      const read = { index: 0, id: `call_${turn}`, type: 'function', function: { name: 'read', arguments: args } };
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      if (turn > turns) response.write(chunk({ content: 'Done.' }) + chunk({}, 'stop'));
      else response.write(chunk({ content: 'x' }) + chunk({ tool_calls: [read] }) + chunk({}, 'tool_calls'));
      const usage = { prompt_tokens: 100 + turn, completion_tokens: 5, total_tokens: 105 + turn };
      response.end(`data: ${JSON.stringify({ id: 'c', choices: [], usage })}\n\ndata: [DONE]\n\n`);
      endedAt = performance.now();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    baseUrl: `http://127.0.0.1:${port}/v1`,
    gaps,
    close: () => new Promise<void>((resolve) => void server.close(() => resolve())),
  };
}

const chunk = (delta: object, finish: string | null = null): string =>
  `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', created: 0, model: 'scripted', choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`;
