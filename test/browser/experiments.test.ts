import { describe, expect, it } from 'vitest';
import { keys } from '../../core/experiment/records.ts';
import { consoleWorld } from '../plugins/console/console-world.ts';
import {
  experimentWorld,
  greetingBot,
  recorded,
  storeFile,
  switchesIn,
} from '../plugins/console/experiment-world.ts';
import { violations } from './axe.ts';
import { openPage } from './browser.ts';

const wait = { timeout: 15_000 };

/** So many customers got each arm, half of each wrote. */
const chats = (counts: Readonly<Record<string, number>>, key = 'warm-greeting') =>
  Object.entries(counts).flatMap(([arm, count]) =>
    Array.from({ length: count }, (_, nth) =>
      recorded(key, {
        interactionId: `${arm} ${nth}`,
        arm,
        unit: `${arm} ${nth}`,
        at: 1_000 * nth,
        measures: { engaged: nth % 2, turns: nth % 4, duration: 10_000 + 100 * (nth % 50), abandoned: 0 },
      }),
    ).flat(),
  );

describe('the experiments in the console', { timeout: 120_000 }, () => {
  it('show what an experiment came to that was played, and are stopped and let go on there', async () => {
    const store = await storeFile();
    const { url } = await experimentWorld(120, { store });
    const page = await openPage(url);
    await page.getByRole('link', { name: 'Experiments' }).click();
    const experiment = page.getByRole('article', { name: 'warm-greeting' });
    await experiment.getByText('120 of 400 units').waitFor(wait);
    await experiment.getByText(/^as planned, p/).waitFor(wait);
    const engaged = experiment.getByRole('region', { name: 'engaged' });
    const row = engaged.getByRole('table', { name: 'engaged' }).getByRole('row', { name: /^warm/ });
    await row.getByText('higher').waitFor(wait);
    expect(await row.textContent()).toMatch(
      /\+\d\d\.\d points[\s\S]*\+\d+\.\d points … \+\d+\.\d points, p < 0\.001/,
    );
    const forest = engaged.getByRole('img', { name: 'engaged beside plain warm: +' });
    expect(await forest.locator('path').count()).toBe(1);
    const timeline = engaged.getByRole('img', { name: 'How the difference of warm in engaged became sure' });
    const drawn = await timeline.locator('polyline').getAttribute('points');
    expect(drawn?.split(' ').length).toBeGreaterThan(5);
    await engaged.getByText('The same as a table').click();
    const looks = engaged.getByRole('table', { name: 'How the difference of warm became sure' });
    expect(await looks.getByRole('row').count()).toBe((drawn?.split(' ').length ?? 0) + 1);
    await experiment.getByRole('region', { name: 'Guards' }).getByText('holds').waitFor(wait);

    await experiment.getByRole('button', { name: 'Stop …' }).click();
    await page.getByText('New chats get the control, plain.').waitFor(wait);
    await page.getByRole('button', { name: 'Not now' }).click();
    expect(await switchesIn(store, 'warm-greeting')).toEqual([]);
    await experiment.getByRole('button', { name: 'Stop …' }).click();
    await page.getByLabel('Reason').fill('complaints');
    await page.keyboard.press('Enter');
    await experiment.getByText('complaints (this machine)').waitFor(wait);
    expect(await switchesIn(store, 'warm-greeting')).toMatchObject([
      { stopped: true, reason: 'complaints (this machine)' },
    ]);
    await experiment.getByRole('button', { name: 'Resume …' }).click();
    await page.getByText('its guards do not stop it another time').waitFor(wait);
    await page.getByRole('button', { name: 'Resume', exact: true }).click();
    await experiment.getByText('running').waitFor(wait);
    expect(await switchesIn(store, 'warm-greeting')).toMatchObject([{ stopped: true }, { stopped: false }]);
  });

  it('say that a split is broken before anything else, in the list and above the figures', async () => {
    const store = await storeFile(chats({ plain: 300, warm: 180 }));
    const { url } = await consoleWorld({
      bot: greetingBot({}, { key: 'other', guards: [] }),
      store,
    });
    const page = await openPage(`${url}/#/experiments`);
    await page.getByRole('link', { name: /^other running/ }).waitFor(wait);
    await page.getByRole('link', { name: /^warm-greeting split broken/ }).click();
    const banner = page.getByRole('alert');
    await banner.getByText('The split is broken: trust no figure below.').waitFor(wait);
    const above = await banner.boundingBox();
    const figures = await page.getByRole('table', { name: 'engaged' }).boundingBox();
    expect(above?.y).toBeLessThan(figures?.y ?? 0);
  });

  it('say whose records cannot be read, and show the others', async () => {
    const store = await storeFile([{ key: keys.chat('warm-greeting', 'chat'), body: null }]);
    const { url } = await consoleWorld({ bot: greetingBot({}, { key: 'other' }), store });
    const page = await openPage(`${url}/#/experiments`);
    await page.getByText('Not all is shown: the records of warm-greeting cannot be read').waitFor(wait);
    await page.getByRole('article', { name: 'other' }).waitFor(wait);
    expect(await violations(page)).toEqual([]);
  });

  it('go on by themselves while the page is open', async () => {
    const { url, server } = await experimentWorld(1);
    const page = await openPage(`${url}/#/experiments`);
    await page.getByText('1 of 400 units').waitFor(wait);
    server.arrive({
      firstName: 'Jonas',
      userData: { ContactId: 'another' },
      steps: [{ expect: /./ }, { leave: true }],
    });
    await page.getByText('2 of 400 units').waitFor(wait);
  });

  it.each(['light', 'dark'] as const)('meet WCAG 2.2 AA: %s', async (scheme) => {
    const store = await storeFile([
      ...chats({ plain: 300, warm: 180 }),
      ...chats({ plain: 200, warm: 210 }, 'other'),
    ]);
    const { url } = await consoleWorld({
      bot: greetingBot({}, { key: 'other', holdout: 0.1, metrics: ['engaged', 'duration'] }),
      store,
    });
    const page = await openPage(`${url}/#/experiments`, { scheme });
    await page.getByText('Choose an experiment').waitFor(wait);
    expect(await violations(page), 'list').toEqual([]);
    for (const key of ['other', 'warm-greeting']) {
      await page.goto(`${url}/#/experiments/${key}`);
      await page.getByRole('article', { name: key }).locator('svg').first().waitFor(wait);
      await page.evaluate('for (const one of document.querySelectorAll("details")) one.open = true');
      expect(await violations(page), key).toEqual([]);
    }
    await page.getByRole('button', { name: 'Stop …' }).click();
    expect(await violations(page), 'dialog').toEqual([]);
  });

  it('can be reached by keys alone', async () => {
    const store = await storeFile(chats({ plain: 200, warm: 210 }));
    const { url } = await consoleWorld({ bot: greetingBot({}, { key: 'other' }), store });
    const page = await openPage(`${url}/#/experiments`);
    await page.getByRole('link', { name: /^warm-greeting/ }).focus();
    await page.keyboard.press('Enter');
    const stop = page.getByRole('button', { name: 'Stop …' });
    await stop.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'Stop warm-greeting?' }).waitFor(wait);
    await page.keyboard.press('Escape');
    await page.getByText('How the difference became sure').first().focus();
    await page.keyboard.press('Enter');
    await expect.poll(() => page.locator('.timeline-plot:visible').count()).toBe(0);
  });

  it('fit a telephone', async () => {
    const store = await storeFile(chats({ plain: 200, warm: 210 }));
    const { url } = await consoleWorld({ bot: greetingBot({}, { key: 'other' }), store });
    const page = await openPage(`${url}/#/experiments`, { width: 390, height: 780 });
    await page.getByRole('link', { name: /^warm-greeting/ }).click();
    const plots = page.getByRole('article').locator('svg');
    await plots.first().waitFor(wait);
    for (const plot of await plots.all())
      if (await plot.isVisible()) expect((await plot.boundingBox())?.width).toBeLessThanOrEqual(390);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
    await page.getByRole('link', { name: /All experiments/ }).click();
    await page.getByRole('link', { name: /^other/ }).waitFor(wait);
  });

  it('are not there where there are none, nor a button for those who may only look', async () => {
    const none = await openPage((await consoleWorld()).url);
    await none.getByText('Ready', { exact: true }).waitFor(wait);
    await none.getByRole('link', { name: 'Operations' }).waitFor(wait);
    expect(await none.getByRole('link', { name: 'Experiments' }).count()).toBe(0);
    const world = { bot: greetingBot({}) };
    const looks = await openPage((await consoleWorld({ ...world, play: false })).url);
    await looks.getByRole('link', { name: 'Experiments' }).click();
    await looks.getByText('0 of 400 units').waitFor(wait);
    expect(await looks.getByRole('button', { name: 'Stop …' }).count()).toBe(0);
    const token = 'an operator token of some length';
    const { url } = await consoleWorld({ ...world, options: { token } });
    const nobody = await openPage(`${url}/#/experiments`);
    await nobody.getByLabel('Your name').waitFor(wait);
    expect(await nobody.getByText('warm-greeting').count()).toBe(0);
  });
});
