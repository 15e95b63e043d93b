import { BehaviorSubject } from 'rxjs';
import type { OwnedInteraction } from '../../gateway/ownership.ts';
import { botOwner, type Owner } from '../../model/owner.ts';
import type { Interaction } from '../../ports.ts';

/**
 * A chat as a shadow bot sees it: the same in everything but who has the word. A human who takes it over through Usher
 * sits in the seat instead of the bot, and so speaks in the shadow's place; colleagues silence the shadow as they would a
 * bot, and what the shadow hands over is out of its hands alone.
 */
export function shadowInteraction(interaction: Interaction): OwnedInteraction {
  const owner = new BehaviorSubject<Owner>(atBeginning(interaction.now.owner));
  interaction.ended$.subscribe(() => owner.complete());
  const own: Readonly<Record<string | symbol, unknown>> = {
    owner$: owner.asObservable(),
    give: (to: Owner) => {
      if (!interaction.now.ended) owner.next(to);
    },
  };
  return new Proxy(interaction, {
    get: (target, name) => {
      if (name === 'now') return { ...target.now, owner: owner.value };
      return Object.hasOwn(own, name) ? own[name] : Reflect.get(target, name, target);
    },
  }) as OwnedInteraction;
}

function atBeginning(owner: Owner): Owner {
  return owner.kind === 'human' && owner.by === 'take-over' ? botOwner : owner;
}
