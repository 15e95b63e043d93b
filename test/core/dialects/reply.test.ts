import { describe, expect, it } from 'vitest';
import { normaliseReply } from '../../../core/dialects/reply.ts';

describe('a reply', () => {
  it.each([
    [{ statusCode: 0 }, { status: 0 }],
    [
      { statusCode: 2, statusMessage: 'not now' },
      { status: 2, message: 'not now' },
    ],
    [{ status: 0 }, { status: 0 }],
    [
      { status: 3, statusMessage: 'forbidden' },
      { status: 3, message: 'forbidden' },
    ],
    [{ statusCode: 6, status: 0 }, { status: 6 }],
    [{ status: 'ok' }, { status: 0 }],
    [
      { status: 'error', errorDescription: 'no such state' },
      { status: 4, message: 'no such state' },
    ],
    [{ status: { code: 0 } }, { status: 0 }],
    [{ status: { code: 5, message: 'unauthorised' } }, { status: 5, message: 'unauthorised' }],
    [{ statusCode: 0, user: { id: 'u1' } }, { status: 0 }],
    [undefined, { status: 0 }],
    ['', { status: 0 }],
  ])('%o is read', (body, reply) => {
    expect(normaliseReply(body)).toEqual(reply);
  });

  it.each([
    ['<html>'],
    [null],
    [[]],
    [7],
    [{}],
    [{ ok: true }],
    [{ statusCode: '0' }],
    [{ status: 'perhaps' }],
  ])('%o is none of GWS', (body) => {
    expect(normaliseReply(body)).toBeUndefined();
  });
});
