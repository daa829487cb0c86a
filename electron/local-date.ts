const two = (value: number): string => String(value).padStart(2, '0');

/** The day of a moment by this machine's clock, as `YYYY-MM-DD`. */
export function localDate(at: number): string {
  const date = new Date(at);
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}
