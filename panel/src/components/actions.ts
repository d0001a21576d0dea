import type { ParameterValues } from '@bluetap/emulator/commands';
import type { Store } from '../source/store.js';

/** What the parts of the page can do to the device that is shown. */
export interface Actions {
  /** Gives the device a command. Tells a person if it was refused. Returns false then. */
  run(verb: string, parameters?: ParameterValues): Promise<boolean>;
  /** Copies text. `what` is its name for people: "the record". */
  copy(text: string, what: string): Promise<void>;
  /** Tells a person something, also to a screen reader. */
  tell(text: string, isBad?: boolean): void;
}

/** @param tell Shows a text to the person. */
export function createActions(store: Store, serialNumber: string, tell: Actions['tell']): Actions {
  return {
    tell,
    run: async (verb, parameters = {}) => {
      try {
        await store.command(serialNumber, verb, parameters);
        return true;
      } catch (error) {
        tell((error as Error).message, true);
        return false;
      }
    },
    copy: async (text, what) => {
      try {
        await navigator.clipboard.writeText(text);
        tell(`Copied ${what}`);
      } catch {
        tell(
          copyByHand(text) ? `Copied ${what}` : `The browser does not let this page copy ${what}`,
          !document.hasFocus(),
        );
      }
    },
  };
}

/** A page that is not secure (neither https nor localhost) has no clipboard API. */
function copyByHand(text: string): boolean {
  const area = document.createElement('textarea');
  area.value = text;
  // An open dialog makes everything outside of it inert.
  const open = document.querySelector('dialog[open]') ?? document.body;
  open.append(area);
  area.select();
  const done = document.execCommand('copy');
  area.remove();
  return done;
}
