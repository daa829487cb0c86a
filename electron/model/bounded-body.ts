export interface BoundedBody {
  text: string;
  /** There was more than the limit; the rest was not read. */
  cut: boolean;
}

/** The body as text, but no more than `limit` bytes of it, whatever the other side goes on sending. Rejects when the connection breaks. */
export async function readAtMost(response: Response, limit: number, onBytes = () => {}): Promise<BoundedBody> {
  if (!response.body) return { text: '', cut: false };
  const pieces: Uint8Array[] = [];
  let size = 0;
  const reader = response.body.getReader();
  while (size <= limit) {
    const { done, value } = await reader.read();
    if (done) return { text: Buffer.concat(pieces).toString('utf8'), cut: false };
    onBytes();
    pieces.push(value);
    size += value.byteLength;
  }
  void reader.cancel().catch(() => undefined);
  return { text: Buffer.concat(pieces).toString('utf8', 0, limit), cut: true };
}
