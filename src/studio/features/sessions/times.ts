/** "today, 18:42" or "24 Nov, 18:42", in the browser's time zone. */
export function timeText(milliseconds: number, now = Date.now()): string {
  const then = new Date(milliseconds);
  const clock = then.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
  const isToday = then.toDateString() === new Date(now).toDateString();
  const day = isToday ? 'today' : then.toLocaleDateString('en-GB', { day: 'numeric', month: 'short' });
  return `${day}, ${clock}`;
}
