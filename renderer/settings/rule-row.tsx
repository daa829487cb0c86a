import { Pencil, Trash2, TriangleAlert } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { type ListedRule, type RuleKind, readTimedRule } from '../../shared/permissions/rules.ts';
import { addRule, changeRule, removeRules } from '../actions.ts';
import { Chip, type Tone } from '../ui/chip.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import { RelativeTime } from '../ui/relative-time.tsx';
import { toast } from '../ui/toast-store.ts';
import { RuleForm } from './rule-form.tsx';
import { placeText } from './rule-places.ts';
import { useShownRule } from './shown-rule.ts';

const tones: Record<RuleKind, Tone> = { deny: 'red', ask: 'amber', allow: 'green' };

/** A rule: what it does, where it holds, how often and when it last decided; to be changed or removed. */
export function RuleRow({ rule }: { rule: ListedRule }) {
  const [editing, setEditing] = useState(false);
  const row = useRef<HTMLLIElement>(null);
  const wished = useShownRule((shown) => shown.rule === rule.rule);
  useEffect(() => {
    if (!wished) return;
    row.current?.scrollIntoView({ block: 'nearest' });
    row.current?.focus();
    useShownRule.setState({ rule: undefined });
  }, [wished]);
  const { place, kind, text } = rule;
  if (editing) {
    return (
      <li className="p-2">
        <RuleForm
          start={{ kind, rule: rule.rule }}
          onSave={(next) => changeRule({ place, kind, text, next: { kind: next.kind, rule: next.rule } })}
          onClose={() => setEditing(false)}
        />
      </li>
    );
  }
  return (
    <li ref={row} tabIndex={-1} className="flex items-center gap-2.5 py-1.5 pr-1.5 pl-3 outline-offset-[-2px]">
      <Chip tone={tones[kind]} className="w-12 justify-center">
        {kind}
      </Chip>
      <div className="min-w-0 flex-1">
        <code className={`selectable font-mono text-sm wrap-anywhere ${rule.ended ? 'line-through' : ''}`}>
          {rule.rule}
        </code>
        <p className="text-sm text-muted wrap-anywhere">
          {placeText(rule)}
          {rule.file !== undefined && `, from ${rule.file}`} · {uses(rule.hits)}
          {rule.lastUsedAt !== undefined && (
            <>
              , last <RelativeTime at={rule.lastUsedAt} />
            </>
          )}
          {rule.until !== undefined && ` · ${rule.ended ? 'ended' : 'until'} ${new Date(rule.until).toLocaleString()}`}
        </p>
        {rule.problem !== undefined && (
          <p className="flex items-center gap-1 text-sm text-red wrap-anywhere">
            <TriangleAlert aria-hidden="true" className="size-3 shrink-0" /> {rule.problem}
          </p>
        )}
      </div>
      {rule.file === undefined && (
        <>
          <IconButton label={`Change ${rule.rule}`} size="sm" onClick={() => setEditing(true)}>
            <Pencil />
          </IconButton>
          <IconButton label={`Remove ${rule.rule}`} size="sm" onClick={() => void remove(rule)}>
            <Trash2 />
          </IconButton>
        </>
      )}
    </li>
  );
}

const uses = (hits: number): string => (hits === 0 ? 'not used yet' : hits === 1 ? 'used once' : `used ${hits} times`);

async function remove({ place, kind, text }: ListedRule): Promise<void> {
  const removed = await removeRules({ place, kind, texts: [text] });
  if (!removed.ok) return;
  const { rule, until } = readTimedRule(text);
  // One with an end would come back without it.
  const undo = until === undefined && { label: 'Undo', run: () => void addRule({ place, kind, rule, term: 'never' }) };
  toast({ level: 'info', text: 'Rule removed', hint: rule, ...(undo ? { action: undo } : {}) });
}
