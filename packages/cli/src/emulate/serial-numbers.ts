/**
 * Returns a different serial number for each device. The number at the end of `first` is counted up and keeps its
 * width: EMU-0001, EMU-0002. If `first` does not end with a number, the next serial number ends with "-2".
 */
export function serialNumbers(first: string, count: number): string[] {
  const [, name = '', digits = ''] = /^(.*?)(\d*)$/s.exec(first) ?? [];
  return Array.from({ length: count }, (_, at) => {
    if (at === 0) return first;
    if (digits === '') return `${first}-${at + 1}`;
    return name + String(BigInt(digits) + BigInt(at)).padStart(digits.length, '0');
  });
}
