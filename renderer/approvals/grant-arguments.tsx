import { readArgumentRule, writeArgumentRule } from '../../shared/permissions/argument-pattern.ts';
import { makeVisible } from '../../shared/visible.ts';

export interface GrantArgumentsProps {
  /** The rule as it stands in its field, which a person may have changed. */
  rule: string;
  /** The call's arguments, each as a rule names it. */
  pairs: readonly string[];
  onChange: (rule: string) => void;
}

/** One tick for each argument of the call: what is not ticked may be anything. A pattern that a person wrote stays while it is ticked. */
export function GrantArguments({ rule, pairs, onChange }: GrantArgumentsProps) {
  const read = readArgumentRule(rule);
  const rows = pairs.map((pair) => {
    const name = nameOf(pair);
    return { pair, name, own: read?.pairs.find((one) => namesSame(one.path, name)) };
  });
  const toggle = (changed: (typeof rows)[number]) => {
    if (!read) return;
    const others = read.pairs.filter(({ path }) => !namesSame(path, changed.name)).map(({ text }) => text);
    onChange(writeArgumentRule(read.tool, changed.own ? others : [...others, changed.pair]));
  };
  return (
    <fieldset className="flex flex-col gap-1 text-sm" disabled={!read}>
      <legend className="mb-0.5 text-muted">
        {read ? 'Only while these arguments are the same' : 'The rule is not complete'}
      </legend>
      {rows.map((row) => (
        <label key={row.pair} className="flex min-w-0 items-baseline gap-2">
          <input
            type="checkbox"
            checked={row.own !== undefined}
            onChange={() => toggle(row)}
            className="size-3.5 shrink-0 self-center accent-(--accent)"
          />
          <code className="min-w-0 truncate font-mono" title={makeVisible(row.own?.text ?? row.pair)}>
            {makeVisible(row.own?.text ?? row.pair)}
          </code>
        </label>
      ))}
    </fieldset>
  );
}

const nameOf = (pair: string): string[] => readArgumentRule(`x(${pair})`)?.pairs[0]?.path ?? [];

const namesSame = (one: string[], other: string[]): boolean => JSON.stringify(one) === JSON.stringify(other);
