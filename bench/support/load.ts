import { Pool } from 'undici';
import { SESSION } from './fixture.ts';

const CONNECTIONS = 16;

/** Sends so many requests over a few connections; throws at the first wrong answer. */
export async function sendRequests(url: string, query: string, count: number): Promise<void> {
  const { origin, pathname } = new URL(url);
  const pool = new Pool(origin, { connections: CONNECTIONS });
  const request = {
    path: pathname,
    method: 'POST' as const,
    headers: { 'content-type': 'application/json', authorization: `Bearer ${SESSION}` },
    body: JSON.stringify({ query }),
  };
  let left = count;
  const work = async (): Promise<void> => {
    while (left-- > 0) {
      const { statusCode, body } = await pool.request(request);
      const text = await body.text();
      if (statusCode !== 200 || text.includes('"errors"')) throw new Error(`${statusCode} ${text.slice(0, 300)}`);
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, work));
  await pool.destroy();
}
