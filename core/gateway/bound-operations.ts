import type { Observable } from 'rxjs';
import type { Operation, OperationOrigin, OperationRequest } from '../model/operation.ts';
import type { Outcome } from '../model/outcome.ts';
import type { Interaction, OperationOptions, Operations } from '../ports.ts';

/** The field's verbs, each made into the plain data of an operation and handed to `perform`. */
export function boundOperations(
  interaction: Pick<Interaction, 'id' | 'agent'>,
  plugin: string,
  perform: (operation: Operation) => Observable<Outcome>,
): Operations {
  const ask = (request: OperationRequest, options: OperationOptions = {}): Observable<Outcome> => {
    const origin: OperationOrigin = { interactionId: interaction.id, plugin };
    return perform({ ...request, ...origin, ...(options.once !== undefined && { once: options.once }) });
  };
  return {
    accept: (options) =>
      ask({ name: 'accept', nickname: options?.nickname ?? interaction.agent.nickname }, options),
    reject: (options) =>
      ask({ name: 'reject', ...(options?.reason !== undefined && { reason: options.reason }) }, options),
    sendMessage: (text, options) => ask({ name: 'sendMessage', text }, options),
    sendTyping: (typing, options) => ask({ name: 'sendTyping', typing }, options),
    transfer: (to, options) => ask({ name: 'transfer', to }, options),
    stopProcessing: (options) => ask({ name: 'stopProcessing' }, options),
    requestHistory: (options) =>
      ask(
        { name: 'requestHistory', ...(options?.fromIndex !== undefined && { fromIndex: options.fromIndex }) },
        options,
      ),
    startConsultation: (to, options) => ask({ name: 'startConsultation', to }, options),
    completeTransfer: (options) => ask({ name: 'completeTransfer' }, options),
    completeConference: (options) => ask({ name: 'completeConference' }, options),
    leaveConsultation: (options) => ask({ name: 'leaveConsultation' }, options),
  };
}
