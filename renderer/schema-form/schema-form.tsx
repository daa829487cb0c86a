import { Plus } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { Button } from '../ui/button.tsx';
import { type Draft, emptyDraft, isGroupDraft, pathKey } from './draft.ts';
import type { Field, Member } from './field.ts';
import { FieldControl, FieldTexts, type PartProps, RemovePart } from './field-control.tsx';

/** One part of a value with its label, what it is, and what is wrong with it; lists and objects hold further parts. */
export function FormPart(props: PartProps) {
  const { field, draft } = props;
  if (field.kind === 'list' && Array.isArray(draft)) return <ListPart {...props} item={field.item} entries={draft} />;
  if (field.kind === 'group' && isGroupDraft(draft)) {
    return (
      <Nested {...props}>
        <GroupMembers {...props} members={field.members} draft={draft} />
      </Nested>
    );
  }
  return <FieldControl {...props} />;
}

/** The members of an object: those that are there, then a button for each that may be added. `instead` may show one in its own way. */
export function GroupMembers(
  props: Pick<PartProps, 'path' | 'problems' | 'focus'> & {
    members: readonly Member[];
    draft: { [name: string]: Draft };
    onChange: (draft: { [name: string]: Draft }) => void;
    instead?: (member: Member) => ReactNode | undefined;
  },
) {
  const { members, draft, path, onChange, instead } = props;
  const [touched, setTouched] = useState<string>();
  const focus = touched ?? props.focus;
  const absent = members.filter(({ name }) => draft[name] === undefined);
  const without = (name: string) => Object.fromEntries(Object.entries(draft).filter(([other]) => other !== name));
  return (
    <>
      {members.map((member) => {
        const { name, field, required, description } = member;
        const value = draft[name];
        if (value === undefined) return null;
        const shown = instead?.(member);
        if (shown !== undefined) return shown;
        return (
          <FormPart
            key={name}
            field={field}
            draft={value}
            path={[...path, name]}
            label={name}
            description={description}
            problems={props.problems}
            focus={focus}
            onChange={(next) => onChange({ ...draft, [name]: next })}
            onRemove={
              required
                ? undefined
                : () => {
                    setTouched(`add ${name}`);
                    onChange(without(name));
                  }
            }
          />
        );
      })}
      {absent.length > 0 && (
        <div className="flex flex-wrap gap-1">
          {absent.map(({ name, field }) => (
            <Button
              key={name}
              size="sm"
              variant="ghost"
              // Where the part was that the person took out.
              autoFocus={focus === `add ${name}`}
              onClick={() => {
                setTouched(pathKey([...path, name]));
                onChange({ ...draft, [name]: emptyDraft(field) });
              }}
            >
              <Plus aria-hidden="true" className="size-3" /> <span className="sr-only">Add</span>
              <span className="font-mono">{name}</span>
            </Button>
          ))}
        </div>
      )}
    </>
  );
}

function ListPart({ item, entries, ...props }: PartProps & { item: Field; entries: Draft[] }) {
  const { path, label, onChange } = props;
  const [added, setAdded] = useState<string>();
  return (
    <Nested {...props}>
      {entries.length === 0 && <p className="text-sm text-faint">Empty</p>}
      {entries.map((entry, place) => (
        <FormPart
          // biome-ignore lint/suspicious/noArrayIndexKey: an entry's place is its identity
          key={place}
          field={item}
          draft={entry}
          path={[...path, place]}
          label={`${label} ${place + 1}`}
          problems={props.problems}
          focus={added ?? props.focus}
          onChange={(next) => onChange(entries.map((old, other) => (other === place ? next : old)))}
          onRemove={() => onChange(entries.filter((_, other) => other !== place))}
        />
      ))}
      <Button
        size="sm"
        variant="ghost"
        className="self-start"
        onClick={() => {
          setAdded(pathKey([...path, entries.length]));
          onChange([...entries, emptyDraft(item)]);
        }}
      >
        <Plus aria-hidden="true" className="size-3" /> Add to <span className="font-mono">{label}</span>
      </Button>
    </Nested>
  );
}

/** A frame around further parts, named like a field. */
function Nested({ path, label, description, problems, onRemove, children }: PartProps & { children: ReactNode }) {
  const problem = problems.get(pathKey(path));
  return (
    <fieldset className="relative flex min-w-0 flex-col gap-1.5 border-l-2 border-border pl-2.5">
      <legend className="float-left mb-0.5 font-mono text-sm text-muted">{label}</legend>
      {onRemove && <RemovePart label={label} onRemove={onRemove} className="absolute top-0 right-0" />}
      <FieldTexts description={description} problem={problem} />
      {children}
    </fieldset>
  );
}
