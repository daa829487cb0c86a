import { setMode } from '../actions.ts';
import { useApp } from '../state/app-store.ts';
import { askAbout } from '../state/ui-store.ts';
import { Banner } from '../ui/banner.tsx';
import { Button } from '../ui/button.tsx';
import { unasked } from './in-force.ts';

const texts = {
  bypass: 'Bypass permissions: nothing is asked.',
  off: 'Confirmation is off: nothing is asked.',
  execute: 'Confirmation is off for changing and running: commands and edits are not asked about.',
};

/** Lasts as long as calls run without a question, so that nobody forgets it. */
export function UnaskedBanner({ id }: { id: string }) {
  const why = useApp((app) => unasked(app.sessions, id));
  const own = useApp((app) => app.sessions[id]?.elsewhere !== true);
  if (!why) return null;
  const back =
    why === 'bypass' ? (
      <Button size="sm" onClick={() => void setMode(id, 'manual')}>
        Back to Manual
      </Button>
    ) : (
      <Button size="sm" onClick={() => askAbout('confirmation', id)}>
        Confirmation…
      </Button>
    );
  return (
    <Banner level="error" hint="Only deny rules and protected paths still hold." actions={own && back}>
      {texts[why]}
    </Banner>
  );
}
