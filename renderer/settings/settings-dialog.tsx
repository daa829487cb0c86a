import { BookOpen, Brain, Coins, Cpu, Info, Palette, ShieldCheck } from 'lucide-react';
import { Tabs } from 'radix-ui';
import { type SettingsPage, showSettings, useUi } from '../state/ui-store.ts';
import { Dialog } from '../ui/dialog.tsx';
import { AboutPage } from './about-page.tsx';
import { AppearancePage } from './appearance-page.tsx';
import { CostsPage } from './costs-page.tsx';
import { MemoryPage } from './memory-page.tsx';
import { ModelsPage } from './models-page.tsx';
import { PermissionsPage } from './permissions-page.tsx';
import { SkillsPage } from './skills-page.tsx';

const pages = [
  { value: 'models', label: 'Models', icon: Cpu, page: ModelsPage },
  { value: 'appearance', label: 'Appearance', icon: Palette, page: AppearancePage },
  { value: 'permissions', label: 'Permissions', icon: ShieldCheck, page: PermissionsPage },
  { value: 'skills', label: 'Skills', icon: BookOpen, page: SkillsPage },
  { value: 'memory', label: 'Memory', icon: Brain, page: MemoryPage },
  { value: 'costs', label: 'Costs', icon: Coins, page: CostsPage },
  { value: 'about', label: 'About', icon: Info, page: AboutPage },
] as const;

export function SettingsDialog({ onClose }: { onClose: () => void }) {
  const page = useUi((ui) => ui.settingsPage);
  return (
    <Dialog title="Settings" open onOpenChange={onClose} className="h-[560px] max-w-3xl">
      <Tabs.Root
        orientation="vertical"
        value={page}
        onValueChange={(value) => showSettings(value as SettingsPage)}
        className="flex min-h-0 flex-1"
      >
        <Tabs.List
          aria-label="Settings pages"
          className="flex w-44 shrink-0 flex-col gap-px border-r border-border bg-panel p-2"
        >
          {pages.map(({ value, label, icon: Icon }) => (
            <Tabs.Trigger
              key={value}
              value={value}
              className="flex h-7 items-center gap-2 rounded-md px-2 text-left text-muted hover:text-text data-[state=active]:bg-selected data-[state=active]:text-text"
            >
              <Icon aria-hidden="true" className="size-3.5" /> {label}
            </Tabs.Trigger>
          ))}
        </Tabs.List>
        {pages.map(({ value, page: Page }) => (
          <Tabs.Content key={value} value={value} className="min-h-0 min-w-0 flex-1 overflow-y-auto p-5 outline-none">
            <Page />
          </Tabs.Content>
        ))}
      </Tabs.Root>
    </Dialog>
  );
}
