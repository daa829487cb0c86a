import clsx from 'clsx';
import { TriangleAlert } from 'lucide-react';
import type { ListedSkill } from '../../shared/skills/skill.ts';
import { makeVisible } from '../../shared/visible.ts';
import { switchSkill } from '../actions.ts';
import { Chip } from '../ui/chip.tsx';

/** A skill: what it is for, what it bounds, whether it is used; or why it cannot be. */
export function SkillRow({ skill }: { skill: ListedSkill }) {
  const { path, on, manual, allowedTools, problem } = skill;
  // A folder's name may hold characters that make it look like another.
  const [name, description, place] = [makeVisible(skill.name), makeVisible(skill.description), makeVisible(path)];
  return (
    <li className="flex items-start gap-2.5 py-2 pr-3 pl-3">
      <div className={clsx('min-w-0 flex-1', !on && 'opacity-60')}>
        <p className="flex flex-wrap items-center gap-2">
          <span className="selectable font-medium wrap-anywhere">{name}</span>
          {manual && <Chip title="Agents are not told of it; you load it with /name.">only by /{name}</Chip>}
        </p>
        {problem === undefined ? (
          <p className="selectable text-sm text-muted wrap-anywhere">{description}</p>
        ) : (
          <p className="selectable flex items-start gap-1 text-sm text-red wrap-anywhere">
            <TriangleAlert aria-hidden="true" className="mt-0.5 size-3 shrink-0" /> {problem}
          </p>
        )}
        {allowedTools && (
          <p className="selectable text-sm text-muted wrap-anywhere">
            Permits only <code className="font-mono">{makeVisible(allowedTools.join(', '))}</code> while in use.
          </p>
        )}
        <p className="selectable truncate text-xs text-faint" title={place}>
          {place}
        </p>
      </div>
      <label className="flex shrink-0 items-center gap-1.5 text-sm text-muted">
        <input
          type="checkbox"
          aria-label={`Use ${name}`}
          checked={on}
          onChange={() => void switchSkill(path, !on)}
          className="size-3.5 accent-(--accent)"
        />
        {on ? 'On' : 'Off'}
      </label>
    </li>
  );
}
