/** Returns a choice that a person made earlier in this browser. Undefined if there is none. */
export function kept(name: string): string | undefined {
  try {
    return localStorage.getItem(`bluetap-${name}`) ?? undefined;
  } catch {
    return undefined;
  }
}

/** Stores a choice. If the browser stores nothing, the choice ends with the page. */
export function keep(name: string, value: string): void {
  try {
    localStorage.setItem(`bluetap-${name}`, value);
  } catch {}
}
