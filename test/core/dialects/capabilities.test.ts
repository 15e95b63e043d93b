import { describe, expect, it } from 'vitest';
import { type Gws850Options, gws850 } from '../../../core/dialects/gws-8.5.0.ts';
import { dialectNames, dialects } from '../../../core/dialects/index.ts';
import { operationNames } from '../../../core/model/operation.ts';

describe('the capability that permits', () => {
  it.each([
    ['accept', 'Accept'],
    ['reject', 'Reject'],
    ['sendMessage', 'SendMessage'],
    ['sendTyping', 'SendNotification'],
    ['sendTyping', 'SendStartTypingNotification'],
    ['transfer', 'Transfer'],
    ['stopProcessing', 'StopProcessing'],
    ['stopProcessing', 'Complete'],
    ['startConsultation', 'StartChatConsultation'],
    ['startConsultation', 'Consult'],
    ['completeTransfer', 'CompleteTransfer'],
    ['completeConference', 'CompleteConference'],
    ['completeConference', 'LeaveChatConsultation'],
  ] as const)('%s is %s', (operation, capability) => {
    expect(gws850().capabilities(operation)).toContain(capability);
  });

  it.each(['requestHistory', 'leaveConsultation'] as const)('%s is none: GWS names none', (operation) => {
    expect(gws850().capabilities(operation)).toEqual([]);
  });

  it.each<[Gws850Options, 'startConsultation' | 'completeConference', string]>([
    [{ consultationOp: 'InitiateConsultation' }, 'startConsultation', 'InitiateConsultation'],
    [{ conferenceOp: 'CompleteConference' }, 'completeConference', 'CompleteConference'],
  ])('follows %o', (options, operation, capability) => {
    expect(gws850(options).capabilities(operation)).toContain(capability);
  });
});

describe('a dialect', () => {
  it('is listed under its own name', () => {
    expect(dialectNames.map((name) => dialects[name].create({}).name)).toEqual(dialectNames);
  });

  it('has an encoder wherever it names a capability, and none elsewhere', () => {
    for (const dialect of dialectNames.map((name) => dialects[name].create({}))) {
      for (const name of operationNames.filter((one) => dialect.capabilities(one).length > 0))
        expect(dialect.operations[name], `${dialect.name} ${name}`).toBeDefined();
    }
  });

  it('says of an operation that is not in its table that it has none', () => {
    const operation = { name: 'setInFocus', interactionId: 'I', plugin: 'tested' } as const;
    expect(gws850().encode(operation, { origin: 'http://gws' })).toBeUndefined();
  });

  it('reads whatever comes on any topic', () => {
    const data = { interaction: { id: 'I', state: 'Invited' } };
    for (const topic of ['/v2/me/interactions', '/me/interactions', ''])
      expect(gws850().decode(topic, data)).toMatchObject({ kind: 'interaction', interactionId: 'I' });
  });

  it('tells where GWS is below the origin', () => {
    expect(gws850()).toMatchObject({ basePath: '/api/v2', notificationsPath: '/notifications' });
    expect(gws850().session).toMatchObject({
      me: { method: 'GET', path: '/me?subresources=*' },
      version: { method: 'GET', path: '/diagnostics/version' },
    });
  });

  it('encodes an id that no address can carry as nothing, rather than throw', () => {
    const encode = () =>
      gws850().encode(
        { name: 'reject', interactionId: '\ud800', plugin: 'tested' },
        { origin: 'http://gws' },
      );
    expect(encode).not.toThrow();
  });
});
