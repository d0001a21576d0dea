/** Returns the local time of day for a person: "07:10:50.123". */
export function clockTime(): string {
  const now = new Date();
  const two = (value: number) => String(value).padStart(2, '0');
  const ms = String(now.getMilliseconds()).padStart(3, '0');
  return `${two(now.getHours())}:${two(now.getMinutes())}:${two(now.getSeconds())}.${ms}`;
}
