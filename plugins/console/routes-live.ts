import type { FastifyInstance } from 'fastify';
import { concat, defer, map, Observable, of } from 'rxjs';
import { chatView } from './chat-view.ts';
import { chatKey } from './chronicle.ts';
import type { Desktop } from './desktop.ts';
import { experimentsView } from './experiments.ts';
import { fleetView } from './fleet.ts';
import { sendLive } from './live.ts';
import type { PlaygroundMessage } from './wire.ts';

interface ChatParams {
  readonly agent: string;
  readonly interaction: string;
}

/** What is shown live: the board, one chat, the experiments, the fleet, the playground. And a chat as a scenario. */
export function addLive(server: FastifyInstance, desktop: Desktop): void {
  const { admit, board, chronicle, discretionFor, host } = desktop;

  server.get('/api/live/board', async (request, reply) => {
    const visitor = admit(request, reply, 'look');
    if (visitor === undefined) return reply;
    const discretion = discretionFor(visitor);
    return sendLive(
      reply,
      concat(
        defer(() => of(board.full(discretion))),
        board.messages$.pipe(map((message) => message(discretion))),
      ),
    );
  });

  server.get<{ Params: ChatParams }>('/api/live/chats/:agent/:interaction', async (request, reply) => {
    const visitor = admit(request, reply, 'look');
    if (visitor === undefined) return reply;
    const { agent, interaction } = request.params;
    const desk = host.agents.find(({ username }) => username === agent);
    if (desk === undefined || chronicle.of(chatKey(agent, interaction)).length === 0)
      return reply.code(404).send({ ok: false, message: 'the chat is not known, or not any longer' });
    const view$ = chatView(desk, interaction, chronicle, discretionFor(visitor));
    return sendLive(reply, view$.pipe(map((message) => JSON.stringify(message))));
  });

  const experiments$ = experimentsView(host);
  server.get('/api/live/experiments', async (request, reply) => {
    if (admit(request, reply, 'look') === undefined) return reply;
    return sendLive(reply, experiments$);
  });

  const fleet$ = host.fleet && fleetView(host.fleet, host);
  server.get('/api/live/fleet', async (request, reply) => {
    if (admit(request, reply, 'look') === undefined) return reply;
    if (fleet$ === undefined)
      return reply.code(404).send({ ok: false, message: 'this process shares its agents with nobody' });
    return sendLive(reply, fleet$);
  });

  server.get('/api/live/playground', async (request, reply) => {
    if (admit(request, reply, 'act') === undefined) return reply;
    const { playground } = host;
    if (playground === undefined)
      return reply.code(404).send({ ok: false, message: 'there is no playground: these are real customers' });
    const first: PlaygroundMessage = {
      full: true,
      faults: playground.faults,
      customers: playground.customers,
    };
    const changes$ = new Observable<PlaygroundMessage>((viewer) =>
      playground.onChange((customer) => viewer.next({ customers: [customer] })),
    );
    return sendLive(reply, concat(of(first), changes$).pipe(map((message) => JSON.stringify(message))));
  });

  server.get<{ Params: ChatParams }>('/api/scenarios/:agent/:interaction', async (request, reply) => {
    const visitor = admit(request, reply, 'act');
    if (visitor === undefined) return reply;
    const { agent: username, interaction } = request.params;
    const agent = host.agents.find((desk) => desk.username === username)?.agent;
    const entries = chronicle.of(chatKey(username, interaction));
    if (agent === undefined || entries.length === 0)
      return reply.code(404).send({ ok: false, message: 'the chat is not known, or not any longer' });
    if (discretionFor(visitor) !== 'shown')
      return reply.code(403).send({ ok: false, message: 'a scenario holds what the customer said' });
    desktop.audit.note(visitor.who, 'save-scenario', chatKey(username, interaction), 'saved');
    return reply
      .header('content-disposition', `attachment; filename="chat-${interaction.replace(/\W/g, '_')}.yaml"`)
      .header('cache-control', 'no-store')
      .type('application/yaml')
      .send(host.scenarioOf(agent, interaction, entries));
  });
}
