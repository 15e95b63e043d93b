import type { FastifyInstance, FastifyReply } from 'fastify';
import { z } from 'zod';
import { isSame, type Visitor } from './access.ts';
import { cookieName, type Desktop } from './desktop.ts';
import type { SessionInfo } from './wire.ts';

const logIn = z.strictObject({ token: z.string().min(1).max(1_000), who: z.string().trim().min(1).max(60) });

/** Who somebody is, logging in and out. */
export function addSessions(
  server: FastifyInstance,
  { access, options, host, audit, discretionFor }: Desktop,
): void {
  const answer = (reply: FastifyReply, visitor: Visitor): FastifyReply => {
    const { authority, who, csrf } = visitor;
    const info: SessionInfo = {
      authority,
      who,
      csrf,
      texts: discretionFor(visitor) === 'shown',
      canLogIn: access.canLogIn,
      playground: host.playground !== undefined,
    };
    return reply
      .setCookie(cookieName, visitor.id, {
        path: '/',
        httpOnly: true,
        sameSite: 'strict',
        secure: options.publicUrl?.startsWith('https:') === true,
      })
      .header('cache-control', 'no-store')
      .send(info);
  };

  server.get('/api/session', async (request, reply) =>
    answer(reply, access.visitor(request.cookies[cookieName]) ?? access.welcome()),
  );

  server.post(
    '/api/log-in',
    { config: { rateLimit: { max: 5, timeWindow: '1 minute' } } },
    async (request, reply) => {
      const parsed = logIn.safeParse(request.body);
      if (!parsed.success) return reply.code(400).send({ ok: false, message: 'token and who are needed' });
      const { token, who } = parsed.data;
      const visitor = access.logIn(token, who);
      if (visitor === undefined) {
        audit.note(who, 'log-in', request.ip, 'refused');
        return reply.code(401).send({ ok: false, message: 'there is no such token' });
      }
      const before = request.cookies[cookieName];
      if (before !== undefined) access.logOut(before);
      audit.note(who, 'log-in', request.ip, visitor.authority);
      return answer(reply, visitor);
    },
  );

  server.post('/api/log-out', async (request, reply) => {
    const visitor = access.visitor(request.cookies[cookieName]);
    if (visitor === undefined || !isSame(String(request.headers['x-usher-csrf'] ?? ''), visitor.csrf))
      return reply.code(403).send({ ok: false, message: 'the page is out of date: load it again' });
    access.logOut(visitor.id);
    return reply.clearCookie(cookieName, { path: '/' }).send({ ok: true, message: 'logged out' });
  });
}
