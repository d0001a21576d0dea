import { useEffect, useState } from 'preact/hooks';
import { keep, kept } from './kept.js';

/** Light or dark. Without a choice, the page follows the system. */
export function ThemeSwitch() {
  const [theme, setTheme] = useState(() => kept('theme'));
  const [isSystemDark, setSystemDark] = useState(() => matchMedia('(prefers-color-scheme: dark)').matches);
  useEffect(() => {
    const query = matchMedia('(prefers-color-scheme: dark)');
    const onChange = () => setSystemDark(query.matches);
    query.addEventListener('change', onChange);
    return () => query.removeEventListener('change', onChange);
  }, []);
  useEffect(() => {
    if (theme === undefined) return;
    document.documentElement.dataset['theme'] = theme;
    keep('theme', theme);
  }, [theme]);
  const next = (theme ?? (isSystemDark ? 'dark' : 'light')) === 'dark' ? 'light' : 'dark';
  return (
    <button type="button" onClick={() => setTheme(next)}>
      {next === 'dark' ? 'Dark' : 'Light'}
      <span class="hidden"> colours</span>
    </button>
  );
}
