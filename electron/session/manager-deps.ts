import type { Result } from '../../shared/errors.ts';
import type { ConfirmationPolicy } from '../../shared/permissions/confirmation.ts';
import type { Mode } from '../../shared/session/config.ts';
import type { MemoryDesk } from '../memory/memory-desk.ts';
import type { ResolvedModel } from '../model/model-client.ts';
import type { SkillDesk } from '../skills/skill-desk.ts';
import type { DeletedCosts } from '../storage/deleted-costs.ts';
import type { Tool } from '../tools/tool.ts';
import type { ContextPorts } from './context-keeper.ts';
import type { Listing, ListingCache } from './listing.ts';
import type { SessionSurroundings } from './open-sessions.ts';
import type { Session } from './session.ts';

/** What a session manager stands on. */
export interface ManagerDeps extends SessionSurroundings {
  tools(): Tool[];
  ports(session: Session, ancestors: () => Session[]): Promise<Result<ContextPorts>>;
  models: {
    resolve(profileId?: string): Promise<Result<ResolvedModel>>;
    /** For people; without an id that of the default model. */
    name(profileId?: string): string;
    setDefault(profileId?: string): Promise<void>;
  };
  skills: SkillDesk;
  memory: MemoryDesk;
  /** After a run, while nobody waits, a context that is nearly full is compacted. */
  compactsWhenIdle: boolean;
  /** A place for sessions was added. */
  onStoreAdded?(): void;
  emit: ConstructorParameters<typeof Listing>[0];
  cache?: ListingCache;
  /** Where costs stay when their session goes. */
  deletedCosts?: Pick<DeletedCosts, 'record'>;
  defaultMode(): Mode;
  /** Of new sessions that are nobody's children; absent: a person answers everything. */
  defaultConfirmation(): ConfirmationPolicy | undefined;
}
