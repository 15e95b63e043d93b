import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { HttpSession } from '../../../core/transport/http-session.ts';

const url = 'http://127.0.0.1:8080/api/v2/me';
const session = (username = 'ada') =>
  new HttpSession('http://127.0.0.1:8080', { username, password: 'p:äss' });
const reply = (...pairs: [string, string][]): Headers => {
  const headers = new Headers();
  for (const [name, value] of pairs) headers.append(name, value);
  return headers;
};

describe('an HTTP session', () => {
  it('shows its credentials by Basic, in UTF-8', () => {
    const { authorization } = session().headers('GET', url);
    expect(Buffer.from(authorization?.slice('Basic '.length) ?? '', 'base64').toString()).toBe('ada:p:äss');
  });

  it('shows them to nobody who looks at it', () => {
    const secret = Buffer.from('ada:p:äss').toString('base64');
    for (const view of [inspect(session(), { depth: 9, showHidden: true }), JSON.stringify(session())]) {
      expect(view).not.toContain(secret);
      expect(view).not.toContain('p:äss');
    }
  });

  it('keeps its cookies to itself', () => {
    const [ada, bea] = [session('ada'), session('bea')];
    ada.absorb(
      url,
      reply(['set-cookie', 'JSESSIONID=A1; Path=/; HttpOnly'], ['set-cookie', 'AWSELB=x; Path=/']),
    );
    bea.absorb(url, reply(['set-cookie', 'JSESSIONID=B1; Path=/']));
    expect(ada.headers('POST', url)).toMatchObject({ cookie: 'JSESSIONID=A1; AWSELB=x' });
    expect(bea.headers('POST', url)).toMatchObject({ cookie: 'JSESSIONID=B1' });
    expect([ada.id, bea.id]).toEqual(['A1', 'B1']);
  });

  it('forgets a cookie that the server deletes, and minds its path', () => {
    const ada = session();
    ada.absorb(
      url,
      reply(['set-cookie', 'JSESSIONID=A1; Path=/'], ['set-cookie', 'other=1; Path=/elsewhere']),
    );
    ada.absorb(url, reply(['set-cookie', 'JSESSIONID=; Path=/; Max-Age=0']));
    expect(ada.headers('GET', url)).not.toHaveProperty('cookie');
    expect(ada.id).toBeUndefined();
  });

  it('sends the CSRF token under the name the server gives, not with GET', () => {
    const ada = session();
    ada.absorb(url, reply(['X-CSRF-HEADER', 'X-Token'], ['X-Token', 't1']));
    expect(ada.headers('POST', url)).toMatchObject({ 'X-Token': 't1' });
    expect(ada.headers('GET', url)).not.toHaveProperty('X-Token');
    ada.absorb(url, reply(['X-CSRF-HEADER', 'X-Token'], ['X-Token', 't2']));
    expect(ada.headers('POST', url)).toMatchObject({ 'X-Token': 't2' });
  });

  it('bears a name without a value', () => {
    const ada = session();
    ada.absorb(url, reply(['X-CSRF-HEADER', 'X-Token']));
    ada.absorb(url, reply(['X-CSRF-HEADER', '']));
    expect(ada.headers('POST', url)).not.toHaveProperty('X-Token');
  });
});
