/**
 * What a person or a program does with the device. `tap`: a phone reads the tag once. `fault`: the NFC part breaks.
 * `repair`: it works again. `power-cycle`: the device loses its power and gets it again.
 */
export type HookAction = 'tap' | 'fault' | 'repair' | 'power-cycle';

/** What the hook saw. */
export interface HookResult {
  /** The NDEF message that a tap read. Absent if it is not known. Empty if the tag was blank. */
  readonly ndef?: Uint8Array | undefined;
}

/**
 * Does one action, and resolves when it is done. It rejects if the action failed; the case is then not applicable. The
 * signal is aborted when the run waits no longer.
 */
export type Hook = (action: HookAction, signal: AbortSignal) => Promise<HookResult>;
