import fc from 'fast-check';
import { answers } from 'usher-bots/plugins/answers';
import { autoAccept } from 'usher-bots/plugins/auto-accept';
import { guard } from 'usher-bots/plugins/guard';
import { scripted } from 'usher-bots/testing';
import { describe, expect, it } from 'vitest';
import 'usher-bots/testing/vitest';
import { findingKinds, isCard, isIban, masked } from '../../plugins/guard/findings.ts';

type Options = Parameters<typeof guard>[0];
const saying = (reply: string, options: Options = {}) => [
  autoAccept(),
  answers({ answers: [{ when: 'x', reply }], otherwise: reply }),
  guard(options),
];

describe('guard', () => {
  it.each<[string, string, Options]>([
    ['Card 4556 7375 8689 9855.', 'Card ***.', {}],
    ['IBAN DE89 3704 0044 0532 0130 00!', 'IBAN ***!', {}],
    ['Key sk-abcdefghij0123456789.', 'Key ***.', {}],
    ['Project Bluebird is secret.', 'Project *** is secret.', { words: ['bluebird'] }],
    ['Write to mia@shop.example.', 'Write to ***.', { email: 'mask' }],
    ['Call +49 30 1234567.', 'Call ***.', { phone: 'mask' }],
    ['That is fucking good.', 'That is *** good.', {}],
    ['Order 1234567890123 of 2026-11-23.', 'Order 1234567890123 of 2026-11-23.', {}],
    ['Mail mia@shop.example, +49 30 1234567.', 'Mail mia@shop.example, +49 30 1234567.', {}],
  ])('lets %j out as %j', (reply, said, options) =>
    scripted(saying(reply, options), async ({ customer, bot }) => {
      customer('Mia').joins().says('hello');
      await expect(bot).toSay(said);
    }),
  );

  it('holds back the whole text if told to', () =>
    scripted(saying('Card 4556737586899855.', { card: 'block' }), async ({ customer, bot }) => {
      customer('Mia').joins().says('hello');
      await expect(bot).toStaySilent('10s');
    }));

  it('finds a card wherever it stands and however it is grouped', () => {
    const digits = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 12, maxLength: 18 });
    const gap = fc.constantFrom('', ' ', '-');
    fc.assert(
      fc.property(digits, gap, (all, between) => {
        const body = all.join('');
        const last = [...'0123456789'].find((digit) => isCard(body + digit)) ?? '';
        const card = (body + last).match(/.{1,4}/g)?.join(between) ?? '';
        const { text, found } = masked(`a ${card}, b`, new Set(findingKinds), [], () => '*');
        expect(text).toBe('a *, b');
        expect([...found]).toEqual(['card']);
      }),
    );
  });

  it('knows an IBAN by its check digits', () => {
    expect(isIban('GB82 WEST 1234 5698 7654 32')).toBe(true);
    expect(isIban('GB83 WEST 1234 5698 7654 32')).toBe(false);
  });
});
