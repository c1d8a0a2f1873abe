import { describe, expect, it } from 'vitest';
import { auditViewOfParams, filterOfAuditView, paramsOfAuditView } from './audit-view.ts';

const view = {
  actorId: 'u1',
  action: 'device.renamed',
  targetType: 'Device',
  targetId: 'd1',
  from: '2026-03-01',
  to: '2026-03-31',
};
const read = (text: string) => auditViewOfParams(new URLSearchParams(text));

describe('an audit view and its address', () => {
  it('are the same thing', () => {
    expect(read(paramsOfAuditView(view))).toEqual(view);
  });

  it('leave out what is not filtered by', () => {
    expect(paramsOfAuditView(read(''))).toBe('');
    expect(paramsOfAuditView(read('?action=session.opened'))).toBe('?action=session.opened');
  });

  it('count a day that does not exist as absent', () => {
    expect(read('?from=yesterday&to=2026-02-31')).toMatchObject({ from: '', to: '' });
  });
});

describe('filterOfAuditView', () => {
  it('takes the last day in whole', () => {
    const { from, to } = filterOfAuditView({ ...view, to: '2026-03-01' });
    expect(from).toBe(new Date(2026, 2, 1).toISOString());
    expect(to).toBe(new Date(2026, 2, 2).toISOString());
  });

  it('asks for nothing without a filter', () => {
    expect(filterOfAuditView(read(''))).toEqual({});
  });
});
