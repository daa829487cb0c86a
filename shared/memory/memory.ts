/** What happened, what is so, how something is done. */
export const memoryTypes = ['episodic', 'semantic', 'procedural'] as const;

export const maxMemoryLength = 2_000;

/** Something noted for later sessions. */
export interface MemoryItem {
  id: string;
  content: string;
  type: (typeof memoryTypes)[number];
  /** From 0 to 1. */
  importance: number;
  tags: string[];
  /** Canonical folder in which it counts; absent: everywhere. */
  workspace?: string;
  /** When it was noted or last changed, in milliseconds since the epoch. */
  at: number;
  by: 'person' | 'agent';
  sessionId?: string;
  /** How often it was looked up, and when last. */
  uses: number;
  lastUsedAt?: number;
  /** Stands in every request of its place and is never removed by itself. */
  pinned?: boolean;
}

/** An item as the next request of a session holds it, or would if it were not left out there. */
export interface RecalledItem {
  id: string;
  content: string;
  tokens: number;
  leftOut: boolean;
}
