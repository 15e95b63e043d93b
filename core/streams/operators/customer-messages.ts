import { filter, type Observable } from 'rxjs';
import type { Message } from '../../model/message.ts';
import type { Interaction } from '../../ports.ts';

/** What the customer writes, in order. Lines from before the agent joined are left out by default. */
export function customerMessages(
  interaction: Interaction,
  options: { history?: boolean } = {},
): Observable<Message> {
  return interaction.messages$.pipe(
    filter((message) => message.type === 'Text' && message.from.type === 'Customer'),
    filter((message) => options.history === true || !message.history),
  );
}
