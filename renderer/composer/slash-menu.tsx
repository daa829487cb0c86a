import clsx from 'clsx';
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import type { ListedSkill } from '../../shared/skills/skill.ts';
import { listSkills } from '../actions.ts';
import { setDraft } from '../state/ui-store.ts';
import { Chip } from '../ui/chip.tsx';
import { type SlashOption, slashOptions } from './slash-options.ts';

const noSkills: ListedSkill[] = [];

/** The commands and skills that a draft beginning with `/` may become: chosen with the arrows, taken with Tab or Enter. */
export function useSlashMenu(sessionId: string, draft: string) {
  const id = useId();
  const isSlash = draft.startsWith('/');
  const [skills, setSkills] = useState(noSkills);
  const [chosen, setChosen] = useState(0);
  const [dismissed, setDismissed] = useState(false);
  useEffect(() => {
    setDismissed(false);
    if (!isSlash) return;
    let gone = false;
    void listSkills(sessionId).then((answer) => gone || (answer.ok && setSkills(answer.value.skills)));
    return () => {
      gone = true;
    };
  }, [sessionId, isSlash]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another draft has other options
  useEffect(() => setChosen(0), [draft]);

  const options = dismissed ? [] : slashOptions(draft, skills);
  const take = (option: SlashOption) => setDraft(sessionId, `/${option.name} `);
  /** True when the key was for the menu. */
  const onKeyDown = ({ key, shiftKey }: KeyboardEvent): boolean => {
    const option = options[chosen];
    if (!option || shiftKey) return false;
    if (key === 'ArrowDown') setChosen((chosen + 1) % options.length);
    else if (key === 'ArrowUp') setChosen((chosen + options.length - 1) % options.length);
    else if (key === 'Escape') setDismissed(true);
    else if (key === 'Tab' || (key === 'Enter' && draft !== `/${option.name}`)) take(option);
    else return false;
    return true;
  };
  const isOpen = options.length > 0;
  return {
    onKeyDown,
    /** For the field, so that assistive technology follows the choice. */
    field: isOpen
      ? { 'aria-controls': id, 'aria-activedescendant': `${id}-${chosen}`, 'aria-autocomplete': 'list' as const }
      : {},
    menu: isOpen && <SlashMenu id={id} options={options} chosen={chosen} onTake={take} />,
  };
}

interface SlashMenuProps {
  id: string;
  options: SlashOption[];
  chosen: number;
  onTake: (option: SlashOption) => void;
}

function SlashMenu({ id, options, chosen, onTake }: SlashMenuProps) {
  const list = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each choice is brought into view
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  }, [chosen, options.length]);
  return (
    <div
      ref={list}
      id={id}
      role="listbox"
      aria-label="Commands and skills"
      className="absolute right-0 bottom-full left-0 z-10 mb-1 max-h-60 overflow-y-auto rounded-lg border border-border-strong bg-raised p-1 shadow-lg"
    >
      {options.map((option, place) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are those of the field, which keeps the focus
        <div
          key={option.name}
          id={`${id}-${place}`}
          role="option"
          tabIndex={-1}
          aria-selected={place === chosen}
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => onTake(option)}
          className={clsx(
            'flex h-7 cursor-default items-center gap-2 rounded-md px-2 text-sm hover:bg-hover',
            place === chosen && 'bg-selected',
          )}
        >
          <span className="shrink-0 font-medium">/{option.name}</span>
          <span className="min-w-0 flex-1 truncate text-muted">{option.description}</span>
          {option.source === 'workspace' && <Chip>workspace</Chip>}
          {option.source === 'user' && <Chip>yours</Chip>}
        </div>
      ))}
    </div>
  );
}
