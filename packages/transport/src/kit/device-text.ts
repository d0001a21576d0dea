/**
 * A string that a system reports about a device, without the spaces around it and without the bytes that a library left
 * after its end. Undefined if the string is absent, empty, blank, or only question marks, which some systems report for
 * no value.
 */
export function deviceText(text: unknown): string | undefined {
  if (typeof text !== 'string') return undefined;
  // A C string ends at its first NUL. A library can copy other bytes after the NUL.
  const known = text.split('\0', 1)[0]!.trim();
  return /^[?\ufffd]*$/.test(known) ? undefined : known;
}

/**
 * The serial number of a device as a system reports it. Undefined if there is no serial number. If a device has no
 * serial number, Windows makes a name from the place where it is plugged in (`7&18DA7745&0&0002`), and some libraries
 * report this name as the serial number. So a string with "&" is not a serial number.
 */
export function knownSerialNumber(text: unknown): string | undefined {
  const known = deviceText(text);
  return known?.includes('&') ? undefined : known;
}
