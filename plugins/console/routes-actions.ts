import type { FastifyInstance } from 'fastify';
import { isSame } from './access.ts';
import { act, objectOf, parseAction } from './act.ts';
import type { Desktop } from './desktop.ts';

/** What one may do, each with its line in the audit. */
export function addActions(server: FastifyInstance, { admit, audit, host }: Desktop): void {
  server.post('/api/actions', async (request, reply) => {
    const visitor = admit(request, reply, 'act');
    if (visitor === undefined) return reply;
    if (!isSame(String(request.headers['x-usher-csrf'] ?? ''), visitor.csrf))
      return reply.code(403).send({ ok: false, message: 'the page is out of date: load it again' });
    const asked = parseAction(request.body);
    if (typeof asked === 'string') return reply.code(400).send({ ok: false, message: asked });
    const isSign = asked.do === 'customer-types';
    // Before it is done: what cannot be audited is not done.
    if (!isSign) audit.note(visitor.who, asked.do, objectOf(asked), 'asked for');
    const answer = await act(host, asked, visitor.who);
    if (!isSign && !answer.ok) audit.note(visitor.who, asked.do, objectOf(asked), answer.message);
    return reply.code(answer.ok ? 200 : 409).send(answer);
  });

  server.get('/api/audit', async (request, reply) => {
    if (admit(request, reply, 'act') === undefined) return reply;
    return reply.header('cache-control', 'no-store').send(audit.rows);
  });
}
