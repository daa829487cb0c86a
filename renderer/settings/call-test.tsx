import { type FormEvent, useState } from 'react';
import { failureText, type Result } from '../../shared/errors.ts';
import type { TestedCall } from '../../shared/ipc/contract.ts';
import { testCall } from '../actions.ts';
import { CodeText } from '../code/code-text.tsx';
import { useApp } from '../state/app-store.ts';
import { useUi } from '../state/ui-store.ts';
import { Button } from '../ui/button.tsx';
import { Chip } from '../ui/chip.tsx';
import { TextField } from '../ui/text-field.tsx';

const words = {
  allow: { text: 'Allowed', tone: 'green' },
  ask: { text: 'Asks you', tone: 'amber' },
  deny: { text: 'Denied', tone: 'red' },
} as const;

const sources = {
  user: 'your rule for everywhere',
  workspace: 'a rule of the workspace',
  session: "the session's own rule",
  parent: 'a rule of a session above',
} as const;

/** Says what would become of a call, without running it. */
export function CallTest() {
  const sessionId = useUi((ui) => ui.activeTab);
  const title = useApp((app) => (sessionId === undefined ? undefined : app.sessions[sessionId]?.title));
  const [call, setCall] = useState('');
  const [answer, setAnswer] = useState<Result<TestedCall>>();
  const test = async (event: FormEvent) => {
    event.preventDefault();
    setAnswer(await testCall(title === undefined ? { call } : { call, sessionId }));
  };
  const failure = answer && !answer.ok ? answer.error : undefined;
  return (
    <form aria-label="Try a call" onSubmit={(event) => void test(event)}>
      <TextField
        label="Call"
        value={call}
        placeholder="bash: git push"
        onChange={(event) => {
          setCall(event.target.value);
          setAnswer(undefined);
        }}
        hint={title === undefined ? 'Judged by your own rules and default mode' : `Judged as in the session ${title}`}
        error={failure && failureText(failure)}
        after={
          <Button type="submit" disabled={call.trim() === ''}>
            Try
          </Button>
        }
        className="[&_input]:font-mono [&_input]:text-sm"
      />
      <div role="status" className="mt-1">
        {answer?.ok && (
          <p className="flex items-start gap-2 text-sm wrap-anywhere">
            <Chip tone={words[answer.value.decision].tone}>{words[answer.value.decision].text}</Chip>
            <span className="selectable min-w-0">
              <CodeText text={answer.value.reason} />
              {answer.value.source !== undefined && (
                <span className="text-muted"> · {sources[answer.value.source]}</span>
              )}
            </span>
          </p>
        )}
      </div>
    </form>
  );
}
