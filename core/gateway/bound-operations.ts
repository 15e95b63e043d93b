import type { Observable } from 'rxjs';
import type { Operation, OperationRequest, TextTags } from '../model/operation.ts';
import type { Outcome } from '../model/outcome.ts';
import type { Interaction, OperationOptions, Operations } from '../ports.ts';

/** The field's verbs, each made into the plain data of an operation and handed to `perform`. */
export function boundOperations(
  interaction: Pick<Interaction, 'id' | 'agent'>,
  plugin: string,
  perform: (operation: Operation) => Observable<Outcome>,
): Operations {
  const ask = (request: OperationRequest, options: OperationOptions = {}): Observable<Outcome> =>
    perform({
      ...request,
      interactionId: interaction.id,
      plugin,
      ...(options.once !== undefined && { once: options.once }),
    });
  return {
    accept: (options) =>
      ask({ name: 'accept', nickname: options?.nickname ?? interaction.agent.nickname }, options),
    reject: (options) => ask({ name: 'reject', ...member('reason', options?.reason) }, options),
    sendMessage: (text, options) => ask({ name: 'sendMessage', text, ...tagsOf(options) }, options),
    sendTyping: (typing, options) => ask({ name: 'sendTyping', typing }, options),
    sendToAgents: (text, options) => ask({ name: 'sendToAgents', text, ...tagsOf(options) }, options),
    sendTypingToAgents: (typing, options) => ask({ name: 'sendTypingToAgents', typing }, options),
    sendUrl: (url, options) => ask({ name: 'sendUrl', url }, options),
    sendNotice: (notice, options) =>
      ask({ name: 'sendNotice', notice, audience: options?.audience ?? 'Agents' }, options),
    transfer: (to, options) =>
      ask({ name: 'transfer', to, ...member('farewell', options?.farewell) }, options),
    leave: (options) => ask({ name: 'leave', ...member('farewell', options?.farewell) }, options),
    stopProcessing: (options) =>
      ask({ name: 'stopProcessing', ...member('farewell', options?.farewell) }, options),
    requestHistory: (options) =>
      ask({ name: 'requestHistory', ...member('fromIndex', options?.fromIndex) }, options),
    invite: (to, options) => ask({ name: 'invite', to }, options),
    startConsultation: (to, options) => ask({ name: 'startConsultation', to }, options),
    completeTransfer: (options) =>
      ask({ name: 'completeTransfer', ...member('colleagueId', options?.colleagueId) }, options),
    completeConference: (options) =>
      ask({ name: 'completeConference', ...member('colleagueId', options?.colleagueId) }, options),
    leaveConsultation: (options) =>
      ask({ name: 'leaveConsultation', ...member('colleagueId', options?.colleagueId) }, options),
    removeParticipant: (agentId, options) => ask({ name: 'removeParticipant', agentId }, options),
    attachUserData: (userData, options) => ask({ name: 'attachUserData', userData }, options),
    updateUserData: (userData, options) => ask({ name: 'updateUserData', userData }, options),
    deleteUserData: (keys, options) => ask({ name: 'deleteUserData', keys }, options),
    setDisposition: (disposition, options) =>
      ask({ name: 'setDisposition', disposition, ...member('key', options?.key) }, options),
    setInFocus: (options) => ask({ name: 'setInFocus' }, options),
  };
}

function member<Key extends string, Value>(key: Key, value: Value | undefined): { [K in Key]?: Value } {
  return (value === undefined ? {} : { [key]: value }) as { [K in Key]?: Value };
}

function tagsOf({ messageType, treatAs }: TextTags = {}): TextTags {
  return { ...member('messageType', messageType), ...member('treatAs', treatAs) };
}
