import type { SavedGrant } from '../../shared/ipc/contract.ts';
import { readTimedRule } from '../../shared/permissions/rules.ts';
import { removeRules } from '../actions.ts';
import { toast } from '../ui/toast-store.ts';

const places: Record<SavedGrant['place']['source'], string> = {
  session: 'for this session',
  workspace: 'for this workspace',
  user: 'everywhere',
};

/** Says which rules an answer saved, and takes them back when asked to. The call that was allowed stays allowed. */
export function offerUndo({ place, texts }: SavedGrant): void {
  const rules = texts.map((text) => readTimedRule(text).rule).join(', ');
  toast({
    level: 'info',
    text: `${texts.length === 1 ? 'Rule' : 'Rules'} saved ${places[place.source]}`,
    hint: rules,
    action: { label: 'Undo', run: () => void removeRules({ place, kind: 'allow', texts }) },
  });
}
