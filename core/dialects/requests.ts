import type { WireRequest } from '../model/wire-request.ts';
import type { SessionRequests } from './dialect.ts';

/** A POST with an `operationName`, as all versions of GWS up to 8.6 write it. */
export function post(
  path: string,
  operationName: string,
  members: Readonly<Record<string, unknown>> = {},
): WireRequest {
  return { method: 'POST', path, body: { operationName, ...members } };
}

/** An id as one segment of a path, whatever stands in it. */
export function segment(id: string): string {
  return encodeURIComponent(id.toWellFormed());
}

/** The members that have a value. */
export function given(members: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}

/**
 * Log-in, channel state and log-out of 8.5.0 to 8.6 ("Start Contact Center Session", "Setting Agent State",
 * "Interpreting a Response").
 */
export const sessionRequests: SessionRequests = {
  version: { method: 'GET', path: '/diagnostics/version' },
  me: { method: 'GET', path: '/me?subresources=*' },
  start: (place) => post('/me', 'StartContactCenterSession', { channels: ['chat'], ...(place && { place }) }),
  ready: post('/me/channels/chat', 'Ready'),
  notReady: post('/me/channels/chat', 'NotReady'),
  end: post('/me', 'EndContactCenterSession'),
};
