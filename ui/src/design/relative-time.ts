const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

function amount(milliseconds: number): string {
  if (milliseconds < minute) return `${Math.floor(milliseconds / second)} s`;
  if (milliseconds < hour) return `${Math.floor(milliseconds / minute)} min`;
  if (milliseconds < day) return `${Math.floor(milliseconds / hour)} h`;
  return `${Math.floor(milliseconds / day)} d`;
}

const dateFormat = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric' });
const absoluteFormat = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeStyle: 'long' });

/** The distance of an instant from now in its largest whole unit, both ways; beyond 30 days the date. */
export function relativeTime(at: number, now: number): string {
  const distance = Math.abs(now - at);
  if (distance < 5 * second) return 'just now';
  if (distance >= 30 * day) return dateFormat.format(at);
  return at < now ? `${amount(distance)} ago` : `in ${amount(distance)}`;
}

/** The instant in full, in the reader's time zone. */
export function absoluteTime(at: number): string {
  return absoluteFormat.format(at);
}

const shortFormat = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' });

/** The instant to the minute, in the reader's time zone. */
export function shortTime(at: number): string {
  return shortFormat.format(at);
}

/** A length of time to read at a glance: tenths below ten seconds, then two units; never negative. */
export function formatDuration(milliseconds: number): string {
  const length = Math.max(0, milliseconds);
  if (length < 10 * second) return `${(Math.floor(length / 100) / 10).toFixed(1)} s`;
  if (length < minute) return `${Math.floor(length / second)} s`;
  if (length < hour)
    return `${Math.floor(length / minute)} min ${String(Math.floor((length % minute) / second)).padStart(2, '0')} s`;
  if (length < day)
    return `${Math.floor(length / hour)} h ${String(Math.floor((length % hour) / minute)).padStart(2, '0')} min`;
  return `${Math.floor(length / day)} d ${Math.floor((length % day) / hour)} h`;
}
