import { Settings } from 'lucide-react';
import type { ModelChoice } from '../../shared/app/state.ts';
import { useApp } from '../state/app-store.ts';
import { showDialog, showSettings } from '../state/ui-store.ts';
import { Chip } from '../ui/chip.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import { Tooltip } from '../ui/tooltip.tsx';
import { modelLabel } from './model-text.ts';

/** A key of the environment was never ours to keep. */
const hasStoredKey = (choice: ModelChoice): boolean => choice.source === 'profile' && choice.hasKey;

/** What the workbench runs on: the model, and what a person should know about this machine. */
export function SidebarFooter() {
  const model = useApp((app) => app.model);
  const testRuntime = useApp((app) => app.runtime.testRuntime);
  const keysInMemory = useApp((app) => app.secrets !== 'keyring' && app.model.choices.some(hasStoredKey));
  const refusing = useApp((app) => app.stores.find((store) => store.problem !== undefined));
  const { text, problem } = modelLabel(model);
  return (
    <div
      className="flex shrink-0 flex-col gap-1 border-t border-border py-1 pr-1.5 pl-2"
      role="status"
      aria-label="Status"
    >
      {(testRuntime || keysInMemory || refusing) && (
        <div className="flex flex-wrap gap-1 pt-1">
          {refusing && <Chip title={refusing.problem ?? ''}>Not saving</Chip>}
          {testRuntime && (
            <Chip title="This Electron is a stand-in for machines that cannot download the official one. For tests only.">
              Test runtime
            </Chip>
          )}
          {keysInMemory && (
            <Chip title="This machine has no keyring: keys are kept in memory and forgotten when Switchyard quits.">
              Keys in memory only
            </Chip>
          )}
        </div>
      )}
      <div className="flex items-center gap-1">
        <Tooltip label={problem ?? 'Models'} side="top">
          <button
            type="button"
            onClick={() => showSettings('models')}
            className="min-w-0 flex-1 truncate rounded-md px-1 py-0.5 text-left text-sm text-muted hover:bg-hover hover:text-text"
          >
            {text}
          </button>
        </Tooltip>
        <IconButton label="Settings" keys="Mod+," side="top" onClick={() => showDialog('settings')}>
          <Settings />
        </IconButton>
      </div>
    </div>
  );
}
