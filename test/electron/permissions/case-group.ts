import type { PolicyInput } from '../../../electron/permissions/policy.ts';

type Expected = 'allow' | 'ask' | 'deny';

export interface CaseGroup {
  name: string;
  /** Where the idea comes from: an advisory, an issue, a peer's test suite, or a manual. */
  source: string;
  mode?: PolicyInput['mode'];
  allow?: string[];
  ask?: string[];
  deny?: string[];
  cases: [command: string, expected: Expected][];
}
