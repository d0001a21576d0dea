/**
 * A text that a system tells of a device, without the spaces around it and what a library left behind its end; undefined where
 * there is nothing: absent, empty, blank, or a question mark, as some systems put it.
 */
export function deviceText(text: unknown): string | undefined {
  if (typeof text !== 'string') return undefined;
  // A C string ends at its first NUL, whatever a library copied after it.
  const known = text.split('\0', 1)[0]!.trim();
  return /^[?\ufffd]*$/.test(known) ? undefined : known;
}

/**
 * The serial number of a device as a system tells it; undefined where it is none. Windows names a device that has none by where
 * it is plugged in (`7&18DA7745&0&0002`), and some libraries take that for a serial number: one with "&" is unknown.
 */
export function knownSerialNumber(text: unknown): string | undefined {
  const known = deviceText(text);
  return known?.includes('&') ? undefined : known;
}
