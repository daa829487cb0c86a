import { RadioGroup } from 'radix-ui';
import type { Settings } from '../../shared/settings.ts';
import { changeSettings } from '../actions.ts';
import { useApp } from '../state/app-store.ts';
import { PageSection } from './page-parts.tsx';

const themes: { value: Settings['theme']; label: string; text: string }[] = [
  { value: 'system', label: 'System', text: 'As the desktop is set' },
  { value: 'light', label: 'Light', text: 'Dark on white' },
  { value: 'dark', label: 'Dark', text: 'Light on near-black' },
];

export function AppearancePage() {
  const theme = useApp((app) => app.settings.theme);
  return (
    <PageSection title="Theme">
      <RadioGroup.Root
        aria-label="Theme"
        value={theme}
        onValueChange={(value) => void changeSettings({ theme: value as Settings['theme'] })}
        className="grid grid-cols-3 gap-2"
      >
        {themes.map(({ value, label, text }) => (
          <RadioGroup.Item
            key={value}
            value={value}
            aria-label={label}
            className="rounded-md border border-border p-3 text-left hover:bg-hover data-[state=checked]:border-accent data-[state=checked]:bg-accent-soft"
          >
            <span className="block font-medium">{label}</span>
            <span className="block text-sm text-muted">{text}</span>
          </RadioGroup.Item>
        ))}
      </RadioGroup.Root>
    </PageSection>
  );
}
