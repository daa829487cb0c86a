import { z } from 'zod';
import { type Layout, layoutSchema } from '../../shared/ipc/contract.ts';
import type { Log } from '../log.ts';
import { createDocument } from './durable-json.ts';
import { explain } from './storage-error.ts';

/** In screen pixels, as the window had them before it was maximised. */
const boundsSchema = z.object({
  x: z.number().int(),
  y: z.number().int(),
  width: z.number().int().positive(),
  height: z.number().int().positive(),
  maximized: z.boolean().default(false),
});
export type WindowBounds = z.infer<typeof boundsSchema>;

const workbenchSchema = z.object({
  windows: z.array(z.object({ id: z.string(), bounds: boundsSchema })).default([]),
  layout: layoutSchema.default(() => layoutSchema.parse({})),
});
type Workbench = z.infer<typeof workbenchSchema>;

/** How the window looked: `workbench.json`, written by the window's process alone. */
export interface LayoutStore {
  /** The saved layout, or an empty one where there is none; what is wrong with the file is logged. Reads once. Never throws. */
  load(): Promise<Layout>;
  /** Resolves once it is on disk; calls while a write is running share the next one. Throws `storage`. */
  save(layout: Layout): Promise<void>;
  saveBounds(bounds: Omit<WindowBounds, 'maximized'> & { maximized?: boolean }): Promise<void>;
  /** Resolves when no write is under way. */
  flush(): Promise<void>;
}

export function createLayoutStore({ path, log }: { path: string; log: Log }): LayoutStore {
  const document = createDocument<Workbench>({
    path,
    schema: workbenchSchema,
    defaults: () => workbenchSchema.parse({}),
    log,
    makeFolder: true,
  });
  let loading: Promise<void> | undefined;

  function load(): Promise<void> {
    loading ??= document.load().then(
      () => undefined,
      (error) => log.warn('The layout could not be read', { path, reason: explain(error) }),
    );
    return loading;
  }

  /** Before the file was read, saving one part would lose the other. */
  async function change(part: Partial<Workbench>): Promise<void> {
    await load();
    await document.save({ ...document.current(), ...part });
  }

  return {
    async load() {
      await load();
      return document.current().layout;
    },
    save: (layout) => change({ layout }),
    saveBounds: (bounds) => change({ windows: [{ id: 'main', bounds: { maximized: false, ...bounds } }] }),
    async flush() {
      await loading;
      await document.idle();
    },
  };
}
