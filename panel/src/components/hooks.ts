import { useEffect, useReducer, useRef } from 'preact/hooks';
import type { PanelState } from '../model/reduce.js';
import type { Store } from '../source/store.js';
import { kept } from './kept.js';

/** Draws the component again after each change of the store. */
export function useStore(store: Store): PanelState {
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  useEffect(() => store.subscribe(() => redraw(undefined)), [store]);
  return store.state;
}

/** Draws the component again every `ms` milliseconds while `isOn`. Returns the time in milliseconds since 1970. */
export function useNow(isOn: boolean, ms: number): number {
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  useEffect(() => {
    if (!isOn) return;
    const timer = setInterval(() => redraw(undefined), ms);
    return () => clearInterval(timer);
  }, [isOn, ms]);
  return Date.now();
}

/** Calls a function for a key that is pressed while no field and no dialog has the focus. */
export function useShortcuts(keys: Readonly<Record<string, () => void>>): void {
  const latest = useRef(keys);
  latest.current = keys;
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (!areKeysOn() || event.ctrlKey || event.metaKey || event.altKey || event.repeat || isTyping(event.target))
        return;
      const action = latest.current[event.key.toLowerCase()];
      if (!action) return;
      event.preventDefault();
      action();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
}

/** Returns true if single keys do something. A person who dictates, or who has an unsteady hand, can turn them off. */
export function areKeysOn(): boolean {
  return kept('keys') !== 'off';
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('input:not([type=radio]), textarea, select, dialog') !== null;
}
