import { type Effort, efforts, type Thinking, takesBudget } from '../../shared/thinking.ts';
import { setThinking } from '../actions.ts';
import { MenuChoices, MenuLabel, MenuSeparator } from '../ui/menu.tsx';

const words: Record<Effort, string> = { off: 'Off', minimal: 'Minimal', low: 'Low', medium: 'Medium', high: 'High' };

export const effortWord = (thinking: Thinking | undefined): string | undefined =>
  thinking?.effort === undefined ? undefined : `thinking ${words[thinking.effort].toLowerCase()}`;

const unsaid = 'unsaid';
const budgets = [2_000, 8_000, 32_000];

/** How much the model thinks from the next run on; a number of tokens only where its provider takes one. */
export function ThinkingChoices(props: { sessionId: string; thinking: Thinking | undefined; baseUrl: string }) {
  const { sessionId, thinking, baseUrl } = props;
  const change = (next: Thinking) =>
    void setThinking(sessionId, next.effort === undefined && next.budget === undefined ? undefined : next);
  return (
    <>
      <MenuSeparator />
      <MenuLabel>Thinking, from the next run on</MenuLabel>
      <MenuChoices<Effort | typeof unsaid>
        value={thinking?.effort ?? unsaid}
        onChange={(effort) => change({ ...thinking, effort: effort === unsaid ? undefined : effort })}
        choices={[
          { value: unsaid, label: 'As the model is set up' },
          ...efforts.map((effort) => ({ value: effort, label: words[effort] })),
        ]}
      />
      {takesBudget(baseUrl) && thinking?.effort !== 'off' && (
        <>
          <MenuLabel>Tokens for thinking</MenuLabel>
          <MenuChoices
            value={String(thinking?.budget ?? unsaid)}
            onChange={(value) => change({ ...thinking, budget: value === unsaid ? undefined : Number(value) })}
            choices={[
              { value: unsaid, label: 'No limit of ours' },
              ...budgets.map((budget) => ({ value: String(budget), label: budget.toLocaleString() })),
            ]}
          />
        </>
      )}
    </>
  );
}
