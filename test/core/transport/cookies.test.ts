import { describe, expect, it } from 'vitest';
import { Cookies } from '../../../core/transport/cookies.ts';

const origin = 'https://gws.example.com';
const cookies = (...set: string[]): Cookies => {
  const jar = new Cookies(origin);
  if (set.length > 0) jar.absorb(`${origin}/api/v2/me`, set);
  return jar;
};

describe('the cookies of a request', () => {
  it('are none before the server has set one', () => {
    expect(cookies().headerFor(`${origin}/api/v2/me`)).toBe('');
    expect(cookies().sessionId).toBeUndefined();
  });

  it('are those whose path fits, each time', () => {
    const jar = cookies('JSESSIONID=s1; Path=/', 'B=2; Path=/api/v2/notifications', 'C=3');
    for (let time = 0; time < 2; time += 1) {
      expect(jar.headerFor(`${origin}/api/v2/me`)).toBe('C=3; JSESSIONID=s1');
      expect(jar.headerFor(`${origin}/api/v2/notifications?x=/`)).toBe('B=2; C=3; JSESSIONID=s1');
      expect(jar.headerFor(`${origin}/health`)).toBe('JSESSIONID=s1');
    }
    expect(jar.sessionId).toBe('s1');
  });

  it('follow what is set later', () => {
    const jar = cookies('JSESSIONID=s1; Path=/');
    expect(jar.headerFor(`${origin}/api/v2/me`)).toBe('JSESSIONID=s1');
    jar.absorb(`${origin}/api/v2/me`, ['JSESSIONID=s2; Path=/']);
    expect(jar.headerFor(`${origin}/api/v2/me`)).toBe('JSESSIONID=s2');
    expect(jar.sessionId).toBe('s2');
  });

  it('end by themselves where the server said so', async () => {
    const jar = cookies(`A=1; Path=/; Expires=${new Date(Date.now() + 2_000).toUTCString()}`);
    expect(jar.headerFor(`${origin}/`)).toBe('A=1');
    await expect.poll(() => jar.headerFor(`${origin}/`), { timeout: 5_000 }).toBe('');
  });

  it('are left out where they cannot be read', () => {
    expect(cookies('', 'nonsense', 'A=1; Domain=other.example').headerFor(`${origin}/`)).not.toContain('A=1');
  });
});
