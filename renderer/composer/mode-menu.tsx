import clsx from 'clsx';
import { ChevronDown } from 'lucide-react';
import { useState } from 'react';
import type { Mode } from '../../shared/session/config.ts';
import { setMode } from '../actions.ts';
import { modeChoices, modeLabel } from '../sessions/mode-text.ts';
import { askAbout } from '../state/ui-store.ts';
import { ConfirmDialog } from '../ui/confirm-dialog.tsx';
import { Menu, MenuChoices, MenuItem, MenuSeparator } from '../ui/menu.tsx';
import { modeIcons } from './modes.ts';

/** What the agent may do without a question. Bypass is asked about first, and looks like what it is. */
export function ModeMenu({ sessionId, mode, disabled }: { sessionId: string; mode: Mode; disabled: boolean }) {
  const [confirming, setConfirming] = useState(false);
  const label = modeLabel(mode);
  const Icon = modeIcons[mode];
  const choose = (next: Mode) => {
    if (next === mode) return;
    if (next === 'bypass') setConfirming(true);
    else void setMode(sessionId, next);
  };
  return (
    <>
      <Menu
        side="top"
        className="w-80"
        trigger={
          <button
            type="button"
            disabled={disabled}
            aria-label={`Mode: ${label}`}
            className={clsx(
              'inline-flex h-7 shrink-0 items-center gap-1.5 rounded-md px-1.5 text-sm disabled:opacity-50',
              mode === 'bypass'
                ? 'bg-red-soft font-medium text-red'
                : 'text-muted hover:bg-hover hover:text-text data-[state=open]:bg-hover',
            )}
          >
            <Icon aria-hidden="true" className="size-3.5 shrink-0" />
            <span className="truncate">{label}</span>
            <ChevronDown aria-hidden="true" className="size-3 shrink-0 opacity-70" />
          </button>
        }
      >
        <MenuChoices
          value={mode}
          onChange={choose}
          choices={modeChoices.map((choice) => ({
            ...choice,
            label: <span className={choice.value === 'bypass' ? 'text-red' : undefined}>{choice.label}</span>,
          }))}
        />
        <MenuSeparator />
        <MenuItem onSelect={() => askAbout('confirmation', sessionId)}>Confirmation…</MenuItem>
      </Menu>
      {confirming && (
        <ConfirmDialog
          title="Bypass permissions?"
          action="Bypass permissions"
          danger
          onConfirm={() => setMode(sessionId, 'bypass')}
          onClose={() => setConfirming(false)}
        >
          Commands run and files change without a question in this session and its children. Only deny rules and
          protected paths still hold. Use it in a place you can throw away.
        </ConfirmDialog>
      )}
    </>
  );
}
