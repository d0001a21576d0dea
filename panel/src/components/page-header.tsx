import type { PanelState } from '../model/reduce.js';
import { ReachBadge } from './reach-view.js';
import { ThemeSwitch } from './theme-switch.js';

/** The head of the page. The notice that everything is simulated is always visible. */
export function PageHeader({
  title,
  state,
  onStage,
  onHelp,
}: {
  readonly title: string;
  readonly state: PanelState;
  readonly onStage: () => void;
  readonly onHelp: () => void;
}) {
  const { addresses, triggers, scenario } = state.info;
  return (
    <header class="top">
      <h1>{title}</h1>
      <span class="sim">Simulated: nothing shown here can be paid</span>
      {triggers && <span class="info">Triggers are on: some order ids decide what happens</span>}
      {scenario && <span class="info">A scenario runs</span>}
      <span class="addresses">
        {addresses.length > 0 && 'A POS reaches it at '}
        {addresses.map((address, at) => (
          <>
            {at > 0 && ', '}
            <code>{address}</code>
          </>
        ))}
      </span>
      <ReachBadge reach={state.reach} />
      <button type="button" onClick={onStage}>
        Stage view <kbd>S</kbd>
      </button>
      <ThemeSwitch />
      <button type="button" onClick={onHelp}>
        Help <kbd>?</kbd>
      </button>
    </header>
  );
}
