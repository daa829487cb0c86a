import '../code/code.css';
import clsx from 'clsx';
import { type ReactNode, type RefObject, useDeferredValue, useId, useLayoutEffect, useMemo, useRef } from 'react';
import { HiddenCharacters } from '../schema-form/field-control.tsx';
import { type LineMarks, lineMarks } from './line-marks.ts';

export interface ComparedText {
  label: ReactNode;
  text: string;
  /** Absent for a text that only stands there to be compared with. */
  onChange?: (text: string) => void;
  /** The part of the form that it is, and whether it takes the focus when it appears. */
  part?: string;
  autoFocus?: boolean;
  problem?: string;
}

/** An old and a new text side by side where there is room, each line that only one of them has marked; they scroll together. */
export function CompareFields({ before, after }: { before: ComparedText; after: ComparedText }) {
  const [oldText, newText] = [useDeferredValue(before.text), useDeferredValue(after.text)];
  const marks = useMemo(() => lineMarks(oldText, newText), [oldText, newText]);
  const [left, right] = [useRef<HTMLDivElement>(null), useRef<HTMLDivElement>(null)];
  const counts = marks
    ? `+${marks.added.size} −${marks.removed.size} lines`
    : 'Too different to be marked line by line';
  useFirstChange(left, right, marks);
  return (
    <div className="@container">
      <div className="grid gap-2 @lg:grid-cols-2">
        <Pane
          {...before}
          box={left}
          marked={marks?.removed}
          ground="bg-(--diff-removed)"
          onScroll={follow(left, right, marks?.toNew)}
        />
        <Pane
          {...after}
          box={right}
          marked={marks?.added}
          ground="bg-(--diff-added)"
          about={counts}
          onScroll={follow(right, left, marks?.toOld)}
        />
      </div>
    </div>
  );
}

interface PaneProps extends ComparedText {
  box: RefObject<HTMLDivElement | null>;
  marked: ReadonlySet<number> | undefined;
  ground: string;
  about?: string;
  onScroll: () => void;
}

const typeLook = 'px-2 py-1.5 font-mono text-sm whitespace-pre-wrap wrap-anywhere';

/** The marks lie behind the text, line for line: what wraps in one wraps in the other. */
function Pane({ label, text, onChange, part, autoFocus, problem, box, marked, ground, about, onScroll }: PaneProps) {
  const id = useId();
  return (
    <div className="flex min-w-0 flex-col gap-1">
      <p className="flex items-baseline gap-2 text-sm text-muted">
        <label id={`${id}-label`} htmlFor={onChange ? id : undefined} className="min-w-0 flex-1 truncate font-mono">
          {label}
        </label>
        {about !== undefined && <span id={`${id}-about`}>{about}</span>}
      </p>
      <div
        ref={box}
        data-sides
        onScroll={onScroll}
        {...(onChange ? {} : { tabIndex: 0, role: 'region', 'aria-labelledby': `${id}-label` })}
        className={clsx(
          'max-h-[min(30vh,18rem)] overflow-y-auto @lg:max-h-[min(45vh,28rem)] rounded-md border outline-offset-[-1px]',
          onChange ? 'border-border-strong bg-bg focus-within:border-accent' : 'border-border bg-sunken',
          problem !== undefined && 'border-red',
        )}
      >
        <div className="relative min-h-14">
          <pre
            aria-hidden={onChange ? true : undefined}
            className={clsx(typeLook, onChange ? 'text-transparent' : 'selectable')}
          >
            {text.split('\n').map((line, place) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a line's place is its identity
              <span key={place} className={clsx('-mx-2 block min-h-[18px] px-2', marked?.has(place) && ground)}>
                {line}
              </span>
            ))}
          </pre>
          {onChange && (
            <textarea
              id={id}
              data-part={part}
              // biome-ignore lint/a11y/noAutofocus: the person asked for this field
              autoFocus={autoFocus}
              value={text}
              spellCheck={false}
              aria-invalid={problem === undefined ? undefined : true}
              aria-describedby={`${id}-about ${id}-problem`}
              onChange={(event) => onChange(event.target.value)}
              className={clsx(
                typeLook,
                'absolute inset-0 block size-full resize-none overflow-hidden bg-transparent outline-none',
              )}
            />
          )}
        </div>
      </div>
      {onChange && <HiddenCharacters text={text} />}
      {problem !== undefined && (
        <p id={`${id}-problem`} role="alert" className="text-sm text-red wrap-anywhere">
          {problem}
        </p>
      )}
    </div>
  );
}

const linesOf = (box: HTMLDivElement): HTMLElement[] =>
  [...(box.querySelector('pre')?.children ?? [])] as HTMLElement[];

/** Scrolls the other text so that its counterpart of the first line in sight is the first there, too. */
function follow(
  from: RefObject<HTMLDivElement | null>,
  to: RefObject<HTMLDivElement | null>,
  counterpart: readonly number[] | undefined,
): () => void {
  return () => {
    const [led, follower] = [from.current, to.current];
    // Only where the pointer or the focus is: the other one's scrolling is an answer to it.
    if (!led || !follower || !counterpart || !(led.matches(':hover') || led.contains(document.activeElement))) return;
    const lines = linesOf(led);
    const first = lines.findIndex((line) => line.offsetTop + line.offsetHeight > led.scrollTop);
    const target = first < 0 ? undefined : linesOf(follower)[counterpart[first] ?? 0];
    if (target) follower.scrollTop = target.offsetTop;
  };
}

/** What differs is in sight at first, not the beginning of a long file. */
function useFirstChange(
  left: RefObject<HTMLDivElement | null>,
  right: RefObject<HTMLDivElement | null>,
  marks: LineMarks | undefined,
): void {
  const done = useRef(false);
  useLayoutEffect(() => {
    if (done.current || !marks || !left.current || !right.current) return;
    done.current = true;
    const first = Math.min(...marks.added, ...[...marks.removed].map((line) => marks.toNew[line] ?? 0));
    if (!Number.isFinite(first) || first <= contextLines) return;
    const line = first - contextLines;
    right.current.scrollTop = linesOf(right.current)[line]?.offsetTop ?? 0;
    left.current.scrollTop = linesOf(left.current)[marks.toOld[line] ?? 0]?.offsetTop ?? 0;
  }, [left, right, marks]);
}

/** Lines left in sight above the first change. */
const contextLines = 2;
