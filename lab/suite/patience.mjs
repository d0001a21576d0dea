/** How long one wait may last. Everything is emulated here, on a machine that may be busy. */
export const PATIENCE_MS = 60_000;
