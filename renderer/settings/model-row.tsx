import { MoreHorizontal, Pencil, Trash2 } from 'lucide-react';
import { useState } from 'react';
import type { ModelChoice } from '../../shared/app/state.ts';
import type { ModelProfile } from '../../shared/settings.ts';
import { changeSettings, removeProfile } from '../actions.ts';
import { choiceName, sourceWords } from '../sessions/model-text.ts';
import { compactNumber } from '../ui/amounts.ts';
import { Button } from '../ui/button.tsx';
import { Chip } from '../ui/chip.tsx';
import { ConfirmDialog } from '../ui/confirm-dialog.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import { Menu, MenuItem } from '../ui/menu.tsx';

export interface ModelRowProps {
  choice: ModelChoice;
  isDefault: boolean;
  /** Present when the choice is a saved profile, which alone can be changed here. */
  profile: ModelProfile | undefined;
  onEdit: (profile: ModelProfile) => void;
}

export function ModelRow({ choice, isDefault, profile, onEdit }: ModelRowProps) {
  const [removing, setRemoving] = useState(false);
  return (
    <li className="flex min-h-12 items-center gap-3 px-3 py-1.5">
      <div className="min-w-0 flex-1">
        <div className="flex items-center gap-2">
          <span className="min-w-0 truncate font-medium">{choiceName(choice)}</span>
          <Chip>{sourceWords[choice.source]}</Chip>
          {isDefault && <Chip tone="accent">default</Chip>}
        </div>
        <p className="truncate text-sm text-muted" title={choice.baseUrl}>
          {describe(choice)}
        </p>
      </div>
      {!isDefault && (
        <Button size="sm" variant="ghost" onClick={() => void changeSettings({ defaultProfileId: choice.id })}>
          Make default
        </Button>
      )}
      {profile ? (
        <Menu
          align="end"
          trigger={
            <IconButton label={`Actions for ${profile.name}`}>
              <MoreHorizontal />
            </IconButton>
          }
        >
          <MenuItem icon={<Pencil />} onSelect={() => onEdit(profile)}>
            Edit…
          </MenuItem>
          <MenuItem icon={<Trash2 />} danger onSelect={() => setRemoving(true)}>
            Delete…
          </MenuItem>
        </Menu>
      ) : (
        <span className="w-7" />
      )}
      {removing && profile && (
        <ConfirmDialog
          title="Delete model?"
          action="Delete"
          danger
          onConfirm={() => removeProfile(profile.id)}
          onClose={() => setRemoving(false)}
        >
          <span className="font-medium text-text">{profile.name}</span> and its key will be deleted. Sessions that use
          it fall back to the default.
        </ConfirmDialog>
      )}
    </li>
  );
}

function describe({ source, model, baseUrl, contextWindow, hasKey }: ModelChoice): string {
  if (source === 'demo') return 'Follows simple requests by fixed rules, offline';
  const parts = [model, hostOf(baseUrl)];
  if (contextWindow !== undefined) parts.push(`${compactNumber(contextWindow)} context`);
  if (hasKey) parts.push('key set');
  return parts.join(' · ');
}

function hostOf(url: string): string {
  try {
    return new URL(url).host;
  } catch {
    return url;
  }
}
