/** What an audit list shows; it is the page's address and nothing else. */
export interface AuditView {
  readonly actorId: string;
  readonly action: string;
  readonly targetType: string;
  readonly targetId: string;
  /** Days as `2026-03-01`, both inside. */
  readonly from: string;
  readonly to: string;
}

const names: Readonly<Record<keyof AuditView, string>> = {
  actorId: 'actor',
  action: 'action',
  targetType: 'type',
  targetId: 'target',
  from: 'from',
  to: 'to',
};
const fields = Object.keys(names) as (keyof AuditView)[];

/** Midnight of a day in the reader's time zone; undefined for what is no day. */
function midnight(day: string, daysLater = 0): Date | undefined {
  const [, year, month, date] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(day) ?? [];
  if (!year) return undefined;
  const at = new Date(Number(year), Number(month) - 1, Number(date));
  // The calendar rolls over what does not exist, such as 31 February.
  if (at.getDate() !== Number(date)) return undefined;
  at.setDate(at.getDate() + daysLater);
  return at;
}

/** Reads a view from `?actor=&action=&type=&target=&from=&to=`; what is not understood counts as absent. */
export function auditViewOfParams(params: Pick<URLSearchParams, 'get'>): AuditView {
  const read = (field: keyof AuditView) => params.get(names[field])?.trim() ?? '';
  const day = (field: 'from' | 'to') => (midnight(read(field)) ? read(field) : '');
  return {
    actorId: read('actorId'),
    action: read('action'),
    targetType: read('targetType'),
    targetId: read('targetId'),
    from: day('from'),
    to: day('to'),
  };
}

/** The address of a view, with only what it filters by. */
export function paramsOfAuditView(view: AuditView): string {
  const params = new URLSearchParams();
  for (const field of fields) if (view[field]) params.set(names[field], view[field]);
  const text = params.toString();
  return text && `?${text}`;
}

/** The view as the graph takes it: its last day ends at the next midnight. */
export function filterOfAuditView(view: AuditView) {
  const { actorId, action, targetType, targetId } = view;
  const from = midnight(view.from)?.toISOString();
  const to = midnight(view.to, 1)?.toISOString();
  return {
    ...(actorId && { actorId }),
    ...(action && { action }),
    ...(targetType && { targetType }),
    ...(targetId && { targetId }),
    ...(from && { from }),
    ...(to && { to }),
  };
}
