import { useShallow } from 'zustand/react/shallow';
import type { ListedRule, RulePlace } from '../../shared/permissions/rules.ts';
import { useApp } from '../state/app-store.ts';
import { useUi } from '../state/ui-store.ts';

/** A place where a rule can be kept, with what it is called. */
export interface PlaceChoice {
  value: string;
  label: string;
  place: RulePlace;
}

const folderName = (path: string): string => path.split(/[\\/]/).filter(Boolean).at(-1) ?? path;

/** Everywhere, each workspace that is known, and the session that is shown. */
export function usePlaces(): PlaceChoice[] {
  const active = useUi((ui) => ui.activeTab);
  const workspaces = useApp(
    useShallow((app) => [...new Set(Object.values(app.sessions).map((session) => session.workspace))]),
  );
  const session = useApp((app) => (active === undefined ? undefined : app.sessions[active]));
  return [
    { value: 'user', label: 'Everywhere', place: { source: 'user' } },
    ...workspaces.map((workspace) => ({
      value: workspace,
      label: `Workspace ${folderName(workspace)}`,
      place: { source: 'workspace' as const, workspace },
    })),
    ...(session
      ? [
          {
            value: session.id,
            label: `Session ${session.title}`,
            place: { source: 'session' as const, sessionId: session.id },
          },
        ]
      : []),
  ];
}

/** Where a rule holds, in a few words. */
export function placeText({ place, where }: Pick<ListedRule, 'place' | 'where'>): string {
  if (place.source === 'user') return 'Everywhere';
  if (place.source === 'workspace') return `Workspace ${folderName(where ?? place.workspace)}`;
  return `Session ${where || 'without a title'}`;
}
