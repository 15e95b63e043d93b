import { z } from 'zod';
import type { Reply } from './dialect.ts';

const text = z.string().optional().catch(undefined);

const replyBody = z.looseObject({
  statusCode: z.number().optional().catch(undefined),
  status: z
    .union([z.number(), z.string(), z.looseObject({ code: z.number(), message: text })])
    .optional()
    .catch(undefined),
  statusMessage: text,
  errorDescription: text,
  referenceId: z.number().optional().catch(undefined),
});

/**
 * Reads any answer of any version: number `statusCode` (all versions, Return Values pages), else number
 * `status` (8.5.0 consultation trio, 8.5.2 Reject), else `status: "ok" | "error"` (8.5.0 channel state), else
 * `status.code` (Workspace 9). An empty body is success (8.5.2 Reject: "empty HTTP 200").
 */
export function normaliseReply(body: unknown): Reply | undefined {
  if (body === undefined || body === '') return { status: 0 };
  const parsed = replyBody.safeParse(body);
  if (!parsed.success) return undefined;
  const { statusCode, status, statusMessage, errorDescription, referenceId } = parsed.data;
  const nested = typeof status === 'object' ? status : undefined;
  const code = statusCode ?? numberOf(status) ?? nested?.code;
  if (code === undefined) return undefined;
  const message = statusMessage ?? errorDescription ?? nested?.message;
  return {
    status: code,
    ...(message !== undefined && { message }),
    ...(referenceId !== undefined && { referenceId }),
  };
}

const internalError = 4;

function numberOf(status: unknown): number | undefined {
  if (typeof status === 'number') return status;
  if (status === 'ok') return 0;
  return status === 'error' ? internalError : undefined;
}
