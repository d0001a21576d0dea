/**
 * As many serial numbers as there are devices, all different: the number at the end of the first one is counted up, as
 * wide as it is, and a first one without a number is followed by "-2".
 */
export function serialNumbers(first: string, count: number): string[] {
  const [, name = '', digits = ''] = /^(.*?)(\d*)$/s.exec(first) ?? [];
  return Array.from({ length: count }, (_, at) => {
    if (at === 0) return first;
    if (digits === '') return `${first}-${at + 1}`;
    return name + String(BigInt(digits) + BigInt(at)).padStart(digits.length, '0');
  });
}
