import { FolderOpen } from 'lucide-react';
import { useCallback, useEffect, useState } from 'react';
import type { Result } from '../../shared/errors.ts';
import type { ListedSkill } from '../../shared/skills/skill.ts';
import { changeSettings, listSkills, openSkillFolder } from '../actions.ts';
import { useApp } from '../state/app-store.ts';
import { useUi } from '../state/ui-store.ts';
import { Button } from '../ui/button.tsx';
import { Spinner } from '../ui/spinner.tsx';
import { PageSection, RowList } from './page-parts.tsx';
import { SkillForm } from './skill-form.tsx';
import { SkillRow } from './skill-row.tsx';

/** Read anew when one is made or switched, here or elsewhere. */
function useSkills(sessionId: string | undefined) {
  const [skills, setSkills] = useState<Result<{ skills: ListedSkill[] }>>();
  const off = useApp((app) => app.settings.skillsOff);
  const read = useCallback(async () => setSkills(await listSkills(sessionId)), [sessionId]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a change is what this answers
  useEffect(() => void read(), [read, off]);
  return { skills, read };
}

/** Which skills there are, where from, and whether they are used. */
export function SkillsPage() {
  const session = useApp((app) => app.sessions[useUi.getState().activeTab ?? '']);
  const agentsManageSkills = useApp((app) => app.settings.agentsManageSkills);
  const { skills, read } = useSkills(session?.id);
  const [adding, setAdding] = useState(false);
  if (!skills) return <Spinner />;
  if (!skills.ok) return <p role="alert">{skills.error.message}</p>;
  const of = (source: ListedSkill['source']) => skills.value.skills.filter((skill) => skill.source === source);
  return (
    <>
      <PageSection
        title="Your skills"
        text="Instructions that agents load when a task fits, or when you write /name in a prompt."
        actions={
          <div className="flex shrink-0 gap-2">
            <Button size="sm" onClick={() => void openSkillFolder()}>
              <FolderOpen aria-hidden="true" className="size-3.5" />
              Open folder
            </Button>
            {!adding && (
              <Button size="sm" onClick={() => setAdding(true)}>
                New skill…
              </Button>
            )}
          </div>
        }
      >
        {adding && (
          <SkillForm
            onClose={(made) => {
              setAdding(false);
              if (made) void read();
            }}
          />
        )}
        <SkillList label="Your skills" skills={of('user')} empty={!adding && 'You have no skills yet.'} />
        <label className="mt-2.5 flex items-start gap-2">
          <input
            type="checkbox"
            checked={agentsManageSkills}
            onChange={() => void changeSettings({ agentsManageSkills: !agentsManageSkills })}
            className="mt-0.5 size-3.5 accent-(--accent)"
          />
          <span>
            Let agents propose skills
            <span className="block text-sm text-muted">
              You are asked about each, in every mode. It then counts in the workspace it was made for.
            </span>
          </span>
        </label>
      </PageSection>
      {session && (
        <PageSection
          title="Skills of this workspace"
          text={
            <>
              From .agents/skills and .claude/skills in <span className="wrap-anywhere">{session.workspace}</span>. They
              can narrow what an agent may do, never widen it.
            </>
          }
        >
          <SkillList label="Skills of this workspace" skills={of('workspace')} empty="This workspace brings none." />
        </PageSection>
      )}
    </>
  );
}

function SkillList(props: { label: string; skills: ListedSkill[]; empty: string | false }) {
  const { label, skills, empty } = props;
  if (skills.length === 0) {
    return (
      empty && (
        <p className="rounded-md border border-dashed border-border px-3 py-4 text-center text-sm text-muted">
          {empty}
        </p>
      )
    );
  }
  return (
    <RowList label={label}>
      {skills.map((skill) => (
        <SkillRow key={`${skill.path} ${skill.problem ?? ''}`} skill={skill} />
      ))}
    </RowList>
  );
}
