import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import cookies from '@fastify/cookie';
import helmet from '@fastify/helmet';
import rateLimit from '@fastify/rate-limit';
import files from '@fastify/static';
import { type FastifyInstance, fastify } from 'fastify';
import type { HostContext } from '../../core/index.ts';
import { Access } from './access.ts';
import { Audit } from './audit.ts';
import { Board } from './board.ts';
import { Chronicle } from './chronicle.ts';
import { type ConsoleOptions, cookieName, type Desktop } from './desktop.ts';
import { originProblem } from './origin.ts';
import { addProbes } from './probes.ts';
import { addActions } from './routes-actions.ts';
import { addLive } from './routes-live.ts';
import { addSessions } from './routes-session.ts';

const built = fileURLToPath(new URL('./built/', import.meta.url));

/** The server of the console; it does not listen yet. */
export async function consoleServer(host: HostContext, options: ConsoleOptions): Promise<FastifyInstance> {
  const server = fastify({
    forceCloseConnections: true,
    bodyLimit: 65_536,
    trustProxy: options.publicUrl !== undefined,
  });
  addProbes(server, host);
  if (!options.page) return server;

  await server.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        connectSrc: ["'self'"],
        imgSrc: ["'self'", 'data:'],
        baseUri: ["'none'"],
        formAction: ["'none'"],
        frameAncestors: ["'none'"],
      },
    },
    strictTransportSecurity: options.publicUrl?.startsWith('https:') === true,
    referrerPolicy: { policy: 'no-referrer' },
  });
  await server.register(cookies);
  await server.register(rateLimit, { global: false });
  const chronicle = new Chronicle(host);
  const board = new Board(host, chronicle);
  const access = new Access({ ...options, isPlay: host.playground !== undefined }, host.clock);
  const desktop: Desktop = {
    host,
    options,
    access,
    audit: new Audit(host.clock, host.log, options.audit),
    board,
    chronicle,
    admit: (request, reply, wanted) => {
      const visitor = access.visitor(request.cookies[cookieName]);
      if (visitor === undefined || visitor.authority === 'none') {
        void reply.code(401).send({ ok: false, message: 'log in first' });
        return undefined;
      }
      if (wanted === 'act' && visitor.authority !== 'act') {
        void reply.code(403).send({ ok: false, message: 'you may look, and not act' });
        return undefined;
      }
      return visitor;
    },
    discretionFor: ({ texts }) => (texts && options.texts !== 'never' ? 'shown' : 'hidden'),
  };
  server.addHook('onClose', async () => {
    board.close();
    chronicle.close();
  });
  server.addHook('onRequest', async (request, reply) => {
    if (!request.url.startsWith('/api/')) return;
    const problem = originProblem(request, options);
    if (problem !== undefined) return reply.code(403).send({ ok: false, message: problem });
  });
  addSessions(server, desktop);
  addLive(server, desktop);
  addActions(server, desktop);
  if (existsSync(built)) await server.register(files, { root: built, index: ['index.html'] });
  else
    server.get('/', async (_request, reply) =>
      reply.code(503).type('text/plain').send('the page is not built: npm run build:console\n'),
    );
  return server;
}
