import type { Destination } from '../engine/command.ts';
import type { WireOptions } from '../options.ts';
import type { Body } from './body.ts';

const address = /^(https?:\/\/[^/]+)?(\/api\/v2)?\/(users|queues)\/([^/?#]+)$/;

/**
 * Whom `targetUri` (absolute) or `targetPath` (relative) names: a user, or a queue, which stands for the agents with
 * the skill of its name (8.5.2 "Consult"; `targetPath` from its SMS twin).
 */
export function targetOf(
  body: Body,
  { strict }: WireOptions,
  aliases: readonly string[] = [],
): Destination | undefined {
  const uri = ['targetUri', ...aliases].map((key) => body.text(key)).find((found) => found !== undefined);
  const path = body.text('targetPath');
  if (uri !== undefined && path !== undefined) body.refuse('targetUri and targetPath exclude each other');
  const target = uri ?? path;
  if (target === undefined) return undefined;
  const [, host, , kind, id = ''] = address.exec(target) ?? [];
  const name = decoded(id);
  const wrongForm = strict && (host === undefined) === (uri !== undefined);
  if (kind === undefined || name === undefined || wrongForm) {
    body.refuse(
      uri === undefined
        ? 'targetPath must look like /users/ID or /queues/NAME'
        : 'targetUri must look like http://HOST/api/v2/users/ID or http://HOST/api/v2/queues/NAME',
    );
    return undefined;
  }
  return kind === 'users' ? { agentId: name } : { skill: name };
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
