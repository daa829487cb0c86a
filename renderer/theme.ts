import { appState, useAppReplica } from './state/app-store.ts';

/** Keeps the page in the theme of the settings, or of the system. */
export function followTheme(): void {
  const system = matchMedia('(prefers-color-scheme: dark)');
  const apply = () => {
    const { theme } = appState().settings;
    document.documentElement.dataset.theme = theme === 'system' ? (system.matches ? 'dark' : 'light') : theme;
  };
  apply();
  system.addEventListener('change', apply);
  useAppReplica.subscribe(apply);
}
