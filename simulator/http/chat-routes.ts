import type { FastifyInstance } from 'fastify';
import type { ContactCentre } from '../engine/contact-centre.ts';
import type { Dialect } from '../wire/dialect.ts';
import { CustomerCalls } from './customer-calls.ts';
import type { Operate } from './operate.ts';
import type { Readings } from './read.ts';
import { bases } from './server.ts';

type WithId = { Params: { id: string } };

/**
 * The routes of chats: an agent's own ones below `/me`, the customer's below `/chats`. Samples of 8.5.2 show agents
 * at the latter address too ("Consult"): there, who has a session is an agent.
 */
export function addChatRoutes(
  server: FastifyInstance,
  centre: ContactCentre,
  { collection, readable }: Dialect,
  operate: Operate,
  readings: Readings,
): void {
  const customer = new CustomerCalls(centre);
  for (const base of bases) {
    const own = `${base}/me/${collection}`;
    server.post<WithId>(`${own}/:id`, (request, reply) => operate(request, reply, request.params.id));
    if (readable) {
      server.get(own, (request, reply) => readings.list(request, reply));
      server.get<WithId>(`${own}/:id`, (request, reply) => readings.one(request, reply, request.params.id));
      server.get<WithId>(`${own}/:id/messages`, (request, reply) =>
        readings.messages(request, reply, request.params.id),
      );
    }

    server.post(`${base}/chats`, async (request) => customer.request(request.body));
    server.post<WithId>(`${base}/chats/:id`, async (request, reply) => {
      const { id } = request.params;
      if (readable && request.session !== undefined) return operate(request, reply, id);
      return customer.operate(id, request.body);
    });
    server.get<WithId>(`${base}/chats/:id`, async (request, reply) => {
      const { id } = request.params;
      if (readable && request.session !== undefined) return readings.one(request, reply, id);
      return customer.state(id);
    });
    server.get<WithId & { Querystring: { index?: string } }>(
      `${base}/chats/:id/messages`,
      async (request, reply) => {
        const { id } = request.params;
        if (readable && request.session !== undefined) return readings.messages(request, reply, id);
        return customer.messages(id, Number(request.query.index ?? 0) || 0);
      },
    );
  }
}
